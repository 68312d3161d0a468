using GraphQL;
using GraphQL.Builders;
using GraphQL.Types;
using Platform.Domain.Paging;
using Platform.Errors;
using Platform.GraphQL.Limits.Cost;

namespace Platform.GraphQL.Schema.Relay;

/// <summary>Fields that give a list page by page.</summary>
internal static class PagedFieldExtensions
{
    private const string First = "first";
    private const string After = "after";
    private const string Last = "last";
    private const string Before = "before";

    /// <summary>Adds a field with the arguments of GraphQL Cursor Connections, section 4: <c>first</c> and <c>after</c>, <c>last</c> and <c>before</c>.</summary>
    /// <remarks>It may be null, like everything that a caller may lack the scope for: a refusal then costs this field alone.</remarks>
    public static FieldBuilder<TSource, object> PagedField<TSource, TNode, TNodeType>(this ObjectGraphType<TSource> type, string name)
        where TNodeType : ObjectGraphType<TNode>, INodeType
    {
        var field = type.Field<ConnectionType<TNode, TNodeType>>(name)
            .Argument<IntGraphType>(First, argument => argument.Description =
                $"How many items at most, 1 to {PageRequest.MaxLimit}; {PageRequest.DefaultLimit} where neither this nor 'last' is given.")
            .Argument<StringGraphType>(After, argument => argument.Description = "The cursor of the item that the page begins behind.")
            .Argument<IntGraphType>(Last, argument => argument.Description =
                $"How many items at most from the end, 1 to {PageRequest.MaxLimit}; instead of 'first'.")
            .Argument<StringGraphType>(Before, argument => argument.Description = "The cursor of the item that the page ends before; with 'last'.");
        return field.SizedBy(PageRequest.DefaultLimit, [First, Last], "edges");
    }

    /// <summary>Reads the page that is asked for.</summary>
    /// <param name="context">The field.</param>
    /// <param name="order">What the list is ordered by.</param>
    /// <param name="ascending">Whether the smallest comes first.</param>
    /// <exception cref="ErrorException">An argument is out of range; the fields are named as the schema names them.</exception>
    public static ConnectionRequest GetPage(this IResolveFieldContext context, PageOrder order = PageOrder.Created, bool ascending = false)
    {
        var last = context.GetArgument<int?>(Last);
        var backward = last is not null || context.GetArgument<string?>(Before) is not null;
        if (backward && (context.GetArgument<int?>(First) is not null || context.GetArgument<string?>(After) is not null))
        {
            throw ErrorException.Validation(new FieldError($"/{Last}", "invalid", "Page either with 'first' and 'after', or with 'last' and 'before'."));
        }

        var (limit, cursor) = backward ? (Last, Before) : (First, After);
        try
        {
            // A page from the end is a page from the start of the list the other way round.
            return new(new PageRequest(context.GetArgument<int?>(limit), context.GetArgument<string?>(cursor), order, ascending != backward), backward);
        }
        catch (ErrorException refusal) when (refusal.Code == ErrorCode.ValidationError)
        {
            throw ErrorException.Validation([.. refusal.Fields.Select(field => field with
            {
                Pointer = field.Pointer == "/limit" ? $"/{limit}" : $"/{cursor}",
            })]);
        }
    }
}

/// <summary>A page of a connection, as the domain is asked for it.</summary>
/// <param name="Page">What the domain reads.</param>
/// <param name="Backward">The domain reads it from the end, so that its items are to be turned round.</param>
internal readonly record struct ConnectionRequest(PageRequest Page, bool Backward);

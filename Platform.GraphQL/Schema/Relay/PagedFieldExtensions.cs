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

    /// <summary>Adds a field with the arguments <c>first</c> and <c>after</c>.</summary>
    /// <remarks>It may be null, like everything that a caller may lack the scope for: a refusal then costs this field alone.</remarks>
    public static FieldBuilder<TSource, object> PagedField<TSource, TNode, TNodeType>(this ObjectGraphType<TSource> type, string name)
        where TNodeType : ObjectGraphType<TNode>, INodeType
    {
        var field = type.Field<ConnectionType<TNode, TNodeType>>(name)
            .Argument<IntGraphType>(First, argument =>
            {
                argument.Description = $"How many items at most, 1 to {PageRequest.MaxLimit}.";
                argument.DefaultValue = PageRequest.DefaultLimit;
            })
            .Argument<StringGraphType>(After, argument => argument.Description = "The cursor of the item that the page begins behind.");
        return field.SizedBy(PageRequest.DefaultLimit, [First], "edges");
    }

    /// <summary>Reads the page that is asked for.</summary>
    /// <exception cref="ErrorException">An argument is out of range; the fields are named as the schema names them.</exception>
    public static PageRequest GetPage(this IResolveFieldContext context)
    {
        try
        {
            return new PageRequest(context.GetArgument<int?>(First), context.GetArgument<string?>(After));
        }
        catch (ErrorException refusal) when (refusal.Code == ErrorCode.ValidationError)
        {
            throw ErrorException.Validation([.. refusal.Fields.Select(field => field with
            {
                Pointer = field.Pointer == "/limit" ? $"/{First}" : $"/{After}",
            })]);
        }
    }
}

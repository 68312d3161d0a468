using GraphQL;
using GraphQL.Builders;
using GraphQL.Types;
using GraphQLParser.AST;

namespace Platform.GraphQL.Limits.Cost;

/// <summary><c>@listSize</c> of IBM's "GraphQL Cost Directives": how many items a field gives at most.</summary>
internal sealed class ListSizeDirective : Directive
{
    public const string DirectiveName = "listSize";

    private const string AssumedSize = "assumedSize";
    private const string SlicingArguments = "slicingArguments";
    private const string SizedFields = "sizedFields";
    private const string RequireOneSlicingArgument = "requireOneSlicingArgument";

    public ListSizeDirective()
        : base(DirectiveName, DirectiveLocation.FieldDefinition)
    {
        Description = "How many items the field gives at most: what the largest of the slicing arguments asks for, else the assumed size. "
            + "With sized fields it is they, inside what the field gives, that have so many.";
        Arguments = new QueryArguments(
            new QueryArgument<IntGraphType> { Name = AssumedSize },
            new QueryArgument<ListGraphType<NonNullGraphType<StringGraphType>>> { Name = SlicingArguments },
            new QueryArgument<ListGraphType<NonNullGraphType<StringGraphType>>> { Name = SizedFields },
            new QueryArgument<BooleanGraphType> { Name = RequireOneSlicingArgument, DefaultValue = true });
    }

    /// <summary>Reads it off a field.</summary>
    public static ListSize? Of(IMetadataReader field) => field.GetAppliedDirectives()?.Find(DirectiveName) is { } applied
        ? new ListSize(
            applied.FindArgument(AssumedSize)?.Value as int?,
            applied.FindArgument(SlicingArguments)?.Value as IReadOnlyList<string> ?? [],
            applied.FindArgument(SizedFields)?.Value as IReadOnlyList<string> ?? [],
            applied.FindArgument(RequireOneSlicingArgument)?.Value is not false)
        : null;

    public static void Apply(IMetadataWriter field, ListSize size) => field.ApplyDirective(DirectiveName, applied =>
    {
        if (size.AssumedSize is { } assumed)
        {
            applied.AddArgument(new DirectiveArgument(AssumedSize) { Value = assumed });
        }

        if (size.SlicingArguments.Count > 0)
        {
            applied.AddArgument(new DirectiveArgument(SlicingArguments) { Value = size.SlicingArguments });
            applied.AddArgument(new DirectiveArgument(RequireOneSlicingArgument) { Value = size.RequireOne });
        }

        if (size.SizedFields.Count > 0)
        {
            applied.AddArgument(new DirectiveArgument(SizedFields) { Value = size.SizedFields });
        }
    });
}

/// <summary>How many items a field gives at most.</summary>
/// <param name="AssumedSize">So many, where no slicing argument says less or more.</param>
/// <param name="SlicingArguments">Arguments that say how many, with dots into input objects.</param>
/// <param name="SizedFields">The lists inside that are meant; none when it is the field itself.</param>
/// <param name="RequireOne">An operation has to give exactly one of the slicing arguments.</param>
internal sealed record ListSize(int? AssumedSize, IReadOnlyList<string> SlicingArguments, IReadOnlyList<string> SizedFields, bool RequireOne);

/// <summary>Puts sizes on fields.</summary>
internal static class ListSizeDirectiveExtensions
{
    /// <summary>Says how many items the list has as a rule.</summary>
    public static FieldBuilder<TSource, TReturn> AssumedSize<TSource, TReturn>(this FieldBuilder<TSource, TReturn> field, int size)
    {
        ListSizeDirective.Apply(field.FieldType, new ListSize(size, [], [], RequireOne: false));
        return field;
    }

    /// <summary>Says that arguments decide how many items lists inside have; without any it is the assumed size.</summary>
    public static FieldBuilder<TSource, TReturn> SizedBy<TSource, TReturn>(
        this FieldBuilder<TSource, TReturn> field, int assumedSize, string[] arguments, params string[] sizedFields)
    {
        ListSizeDirective.Apply(field.FieldType, new ListSize(assumedSize, arguments, sizedFields, RequireOne: false));
        return field;
    }
}

using GraphQL;
using GraphQL.Types;

namespace Platform.GraphQL.Limits;

/// <summary>How many items a field can give, for the reckoning of what a document asks for.</summary>
/// <param name="Default">Items where the argument <c>first</c> is absent.</param>
/// <param name="Max">The most that <c>first</c> may ask for.</param>
internal sealed record PageSize(int Default, int Max)
{
    private const string Key = "Platform.PageSize";

    /// <summary>What is reckoned for a list that says nothing.</summary>
    public static readonly PageSize Unknown = new(10, 10);

    /// <summary>What the field says of itself, if anything.</summary>
    public static PageSize? Of(IMetadataReader field) => field.GetMetadata<PageSize?>(Key);

    /// <summary>Notes it on the field.</summary>
    public static void Set(IMetadataWriter field, PageSize size) => field.WithMetadata(Key, size);
}

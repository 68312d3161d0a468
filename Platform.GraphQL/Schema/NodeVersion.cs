using Platform.Conditional;

namespace Platform.GraphQL.Schema;

/// <summary>How a row's version is shown and taken: the entity tag that REST has, without its quotes.</summary>
internal static class NodeVersion
{
    public const string FieldName = "version";
    public const string Description = "Changes with each change. Give it as 'ifVersion' to change only what was seen.";

    // What GraphQL shows of a row is no representation that REST knows.
    private const string Stamp = "g1";

    public static string Show(RowVersion version) => version.ToTag(Stamp).Trim('"');

    /// <summary>The condition that this is the version; one that is no version at all is not met.</summary>
    public static WriteCondition Condition(string shown) =>
        new(new Preconditions($"\"{shown}\"", IfNoneMatch: null, IfModifiedSince: null, IfUnmodifiedSince: null), Stamp);
}

namespace Platform.Conditional;

/// <summary>Names something whose version is remembered.</summary>
/// <param name="Kind">The kind of resource that it shows: <c>order</c>.</param>
/// <param name="Name">Which view of it: the name of the endpoint.</param>
/// <param name="Id">The id in the address, if there is one.</param>
/// <param name="Query">The query of a list, empty when it has none; null for a single resource.</param>
public readonly record struct VersionKey(string Kind, string Name, Guid Id, string? Query)
{
    /// <summary>Whether any change of the kind may change what is shown, and not that of one resource alone.</summary>
    public bool IsList => Query is not null;
}

namespace Platform.GraphQL.Schema.Compatibility;

/// <summary>One difference between two schemas.</summary>
/// <param name="Severity">What it means for clients.</param>
/// <param name="Coordinate">Where, as a schema coordinate: <c>Query.orders(status:)</c>.</param>
/// <param name="What">What changed.</param>
internal sealed record SchemaChange(ChangeSeverity Severity, string Coordinate, string What)
{
    public override string ToString() => $"{(Severity is ChangeSeverity.Breaking ? "breaking " : "dangerous")}  {Coordinate}: {What}";
}

/// <summary>What a change means for clients that are there.</summary>
internal enum ChangeSeverity
{
    /// <summary>Valid documents stay valid, and may behave otherwise: a client that lists all values of an enum meets a new one.</summary>
    Dangerous,

    /// <summary>A document that was valid may not be any more, or an answer may be of another type.</summary>
    Breaking,
}

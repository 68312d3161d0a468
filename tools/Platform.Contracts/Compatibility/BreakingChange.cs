namespace Platform.Contracts.Compatibility;

/// <summary>Something that a client of the former document may rely on, and that is not so any more.</summary>
/// <param name="Where">The operation, and the place in it.</param>
/// <param name="What">What changed.</param>
internal sealed record BreakingChange(string Where, string What)
{
    public override string ToString() => $"{Where}: {What}";
}

namespace Platform.FeatureFlags;

/// <summary>Tells one item of a document from every other.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Its name; upper and lower case differ.</param>
/// <param name="Origin">Of a segment, whose names may repeat from origin to origin; <see cref="FlagOrigin.Own"/> for everything else.</param>
public sealed record FlagKey(FlagItemKind Kind, string Name, FlagOrigin Origin = FlagOrigin.Own)
{
    /// <summary>A flag, of any origin.</summary>
    public static FlagKey Flag(string name) => new(FlagItemKind.Flag, name);

    /// <summary>A switch.</summary>
    public static FlagKey Switch(string name) => new(FlagItemKind.Switch, name);

    /// <summary>A sample.</summary>
    public static FlagKey Sample(string name) => new(FlagItemKind.Sample, name);

    /// <summary>A segment.</summary>
    public static FlagKey Segment(string name, FlagOrigin origin = FlagOrigin.Own) => new(FlagItemKind.Segment, name, origin);
}

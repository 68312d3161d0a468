namespace Platform.EntityFrameworkCore.FeatureFlags.Tables;

/// <summary>A caller that came within a stage of a plan. Removed with the stage.</summary>
internal sealed class FlagCallerRow
{
    public required string Flag { get; init; }

    /// <summary>When the stage began.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>A keyed hash of who it is and the flag.</summary>
    public long Caller { get; init; }

    public required string Arm { get; init; }
}

namespace Platform.EntityFrameworkCore.FeatureFlags.Tables;

/// <summary>What one process counted within a few seconds. Only ever added to, and removed when it is old.</summary>
internal sealed class FlagOutcomeRow
{
    public long Id { get; init; }

    public required string Flag { get; init; }

    public required string Endpoint { get; init; }

    public required string Arm { get; init; }

    public DateTimeOffset At { get; init; }

    public long Total { get; init; }

    public long Errors { get; init; }

    public required long[] Durations { get; init; }
}

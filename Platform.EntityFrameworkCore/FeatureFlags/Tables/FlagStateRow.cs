namespace Platform.EntityFrameworkCore.FeatureFlags.Tables;

/// <summary>The one row that changes take turns at.</summary>
internal sealed class FlagStateRow
{
    public short Id { get; init; }

    public long Version { get; init; }

    public long NextPosition { get; init; }

    /// <summary>Signs the ids of anonymous visitors where the configuration has no key.</summary>
    public required byte[] VisitorKey { get; init; }

    public DateTimeOffset ChangedAt { get; init; }
}

namespace Platform.EntityFrameworkCore.FeatureFlags.Tables;

/// <summary>What happened to one item in one change.</summary>
internal sealed class FlagAuditRow
{
    public Guid Id { get; init; }

    public Guid ChangeId { get; init; }

    public long Version { get; init; }

    public required string Kind { get; init; }

    public required string Origin { get; init; }

    public required string Name { get; init; }

    public required string Action { get; init; }

    public required string Actor { get; init; }

    public required string Reason { get; init; }

    public DateTimeOffset At { get; init; }

    public string? Before { get; init; }

    public string? After { get; init; }

    public long Position { get; init; }

    public Guid? Undoes { get; init; }
}

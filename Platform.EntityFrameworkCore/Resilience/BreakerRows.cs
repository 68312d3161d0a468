namespace Platform.EntityFrameworkCore.Resilience;

/// <summary>How a replica's breaker stood when it last said so. Written by SQL; the type describes the table.</summary>
internal sealed class BreakerStateRow
{
    public Guid Replica { get; init; }

    public required string Breaker { get; init; }

    public required string Service { get; init; }

    public short State { get; init; }

    public short Order { get; init; }

    public int Failures { get; init; }

    public DateTime? OpenedAt { get; init; }

    public TimeSpan RetryAfter { get; init; }

    public DateTime UpdatedAt { get; init; }
}

/// <summary>What operators told a breaker, for all replicas.</summary>
internal sealed class BreakerOrderRow
{
    public required string Breaker { get; init; }

    public short Order { get; init; }

    public string? Options { get; init; }

    /// <summary>Grows with each order.</summary>
    public long Epoch { get; init; }
}

/// <summary>Who told what, when and why; rows only come.</summary>
internal sealed class BreakerCommandRow
{
    public Guid Id { get; init; }

    public required string Breaker { get; init; }

    public required string Verb { get; init; }

    public string? Options { get; init; }

    public required string Actor { get; init; }

    public required string Reason { get; init; }

    public DateTime At { get; init; }
}

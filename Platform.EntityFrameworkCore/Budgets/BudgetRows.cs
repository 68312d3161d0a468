namespace Platform.EntityFrameworkCore.Budgets;

/// <summary>What one replica, or all together, measured of a route in a step of time. Written by SQL; the type describes the table.</summary>
internal sealed class BudgetSliceRow
{
    public required string Route { get; init; }

    public DateTime Start { get; init; }

    /// <summary>The length of the step in minutes: 1, 10 or 60.</summary>
    public short Minutes { get; init; }

    /// <summary>The replica; zeros for all of them.</summary>
    public Guid Replica { get; init; }

    public long Requests { get; init; }

    public long Failed { get; init; }

    public long Slow { get; init; }

    public required byte[] Sketch { get; init; }
}

/// <summary>A budget that an operator set.</summary>
internal sealed class BudgetLimitRow
{
    public required string Route { get; init; }

    public double P50Ms { get; init; }

    public double P95Ms { get; init; }

    public double P99Ms { get; init; }

    public double Objective { get; init; }
}

/// <summary>What an operator changed; rows only come.</summary>
internal sealed class BudgetChangeRow
{
    public Guid Id { get; init; }

    public required string Route { get; init; }

    public string? Before { get; init; }

    public string? After { get; init; }

    public required string Actor { get; init; }

    public required string Reason { get; init; }

    public DateTime At { get; init; }
}

/// <summary>A bound that was broken, told of once a window.</summary>
internal sealed class BudgetViolationRow
{
    public required string Route { get; init; }

    public required string Percentile { get; init; }

    public DateTime WindowStart { get; init; }

    public double MeasuredMs { get; init; }

    public double LimitMs { get; init; }

    public long Requests { get; init; }

    public string? TraceId { get; init; }

    public DateTime At { get; init; }
}

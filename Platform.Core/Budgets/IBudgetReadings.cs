namespace Platform.Budgets;

/// <summary>Tells what routes did, over all replicas: for operators, for the guards of a rollout, for a check on the command line.</summary>
/// <remarks>The last seconds may be missing: replicas write every 10 s. Minutes are whole: a time is widened to the minutes that it touches.</remarks>
public interface IBudgetReadings
{
    /// <summary>What one route did.</summary>
    /// <param name="route">With its method (<c>GET /api/v1/orders/</c>), or without (<c>/api/v1/orders/</c>) for all methods together.</param>
    /// <param name="from">The beginning; 30 days ago at the earliest. Older parts are kept in steps of 10 minutes and hours.</param>
    /// <param name="to">The end.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>An empty reading when nothing was asked of it.</returns>
    Task<BudgetReading> ReadAsync(string route, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken = default);

    /// <summary>What every route did, in the order of their names.</summary>
    /// <param name="from">The beginning.</param>
    /// <param name="to">The end.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<IReadOnlyList<BudgetReading>> ReadAllAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken = default);
}

using Platform.Budgets;

namespace Platform.FeatureFlags.Plans;

/// <summary>
/// Guards of everybody at an endpoint, from what the budgets measured: one window for each minute, the present one as far as it has come. What is
/// read of a minute that is not over is a part of what will be read of it later.
/// </summary>
/// <param name="readings">The budgets.</param>
public sealed class BudgetGuards(IBudgetReadings readings) : IGuardSource
{
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(1);

    // A worker that was away for longer does not read all of it: older minutes are kept together.
    private static readonly TimeSpan Furthest = TimeSpan.FromMinutes(30);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<GuardWindow>> ReadAsync(
        string flag, GuardCondition guard, DateTimeOffset after, DateTimeOffset until, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(guard);
        List<GuardWindow> windows = [];
        for (var minute = after < until - Furthest ? Floor(until - Furthest) : Floor(after); minute < until; minute += Step)
        {
            var seen = default(GuardCounts);
            foreach (var endpoint in guard.Endpoints)
            {
                var reading = await ReadAsync(endpoint, minute, cancellationToken);
                seen += new GuardCounts(
                    reading.Requests, guard.Kind == GuardKind.P95 ? reading.Latency.CountAbove(guard.Limit ?? 0) : Math.Min(reading.Failed, reading.Requests));
            }

            if (seen.Total > 0)
            {
                windows.Add(new GuardWindow(minute + Step, default, seen));
            }
        }

        return windows;
    }

    internal static DateTimeOffset Floor(DateTimeOffset at) => at.AddTicks(-(at.Ticks % Step.Ticks));

    internal static DateTimeOffset Ceiling(DateTimeOffset at) => Floor(at.AddTicks(Step.Ticks - 1));

    // A route may end with a slash in one spelling and without it in the other.
    private async Task<BudgetReading> ReadAsync(string endpoint, DateTimeOffset minute, CancellationToken cancellationToken)
    {
        var reading = await readings.ReadAsync(endpoint, minute, minute + Step, cancellationToken);
        return reading.Requests > 0
            ? reading
            : await readings.ReadAsync(endpoint.EndsWith('/') ? endpoint.TrimEnd('/') : $"{endpoint}/", minute, minute + Step, cancellationToken);
    }
}

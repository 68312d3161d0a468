using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.Identifiers;

namespace Platform.Budgets;

/// <summary>
/// What is done every few seconds: windows slide, what was measured goes to the history, what operators set comes from there, and bounds
/// that are broken are told of.
/// </summary>
/// <remarks>
/// If a percentile of all replicas together is over its bound, it is so on one of them at least: so each looks at its own requests first,
/// and asks for those of the others only then.
/// </remarks>
public sealed class BudgetRound(
    BudgetBoard board, IOptions<BudgetOptions> options, TimeProvider time, ILogger<BudgetRound> logger, IBudgetStore? store = null)
{
    private const int MaxConfirmations = 50;

    private readonly Guid _replica = Uuid7.Next(time);
    private readonly Dictionary<(string Route, string Percentile), DateTimeOffset> _told = [];
    private bool _away;

    /// <summary>Does it once. For one caller at a time.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // Alone, a few requests say nothing; with the others', they may.
        var broken = board.Turn(store is null || _away ? options.Value.MinimumRequests : 1);
        if (store is not null)
        {
            await ExchangeAsync(store, cancellationToken);
        }

        var confirmations = 0;
        foreach (var (meter, reading) in broken)
        {
            await JudgeAsync(meter, reading, ++confirmations <= MaxConfirmations, cancellationToken);
        }
    }

    private async Task ExchangeAsync(IBudgetStore history, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var minute in board.Pending.Minutes)
            {
                await history.SaveAsync(_replica, minute, board.Pending.Slices(minute), cancellationToken);
                if (!board.IsOpen(minute))
                {
                    board.Pending.Forget(minute);
                }
            }

            board.Rules.Override(await history.LimitsAsync(cancellationToken));
            _away = false;
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // The database is away: budgets go on with what this process knows. Said once an outage.
            if (!_away)
            {
                Log.HistoryAway(logger, failure.GetBaseException().Message);
            }

            _away = true;
        }
    }

    private async Task JudgeAsync(RouteMeter meter, BudgetReading own, bool mayAsk, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var window = BudgetBoard.Floor(now, options.Value.Window);
        var budget = meter.Budget;
        var news = own.Broken(budget, 1).Select(bound => bound.Percentile).Where(percentile => IsNews(meter.Route, percentile, window)).ToArray();
        if (news.Length == 0)
        {
            return;
        }

        var reading = own;
        if (store is not null && !_away && mayAsk)
        {
            try
            {
                reading = await store.ReadAsync(meter.Route, now - options.Value.Window, now, cancellationToken);
            }
            catch (Exception) when (!cancellationToken.IsCancellationRequested)
            {
                _away = true;
            }
        }

        // Of what is not broken here another replica tells, which has a slow request to show for it.
        foreach (var bound in reading.Broken(budget, options.Value.MinimumRequests).Where(bound => news.Contains(bound.Percentile)))
        {
            var violation = new BudgetViolation(
                meter.Route, bound.Percentile, window, bound.MeasuredMs, bound.LimitMs, reading.Requests, meter.Offender(bound.Percentile), now);
            _told[(meter.Route, bound.Percentile)] = window;
            if (await ClaimAsync(violation, cancellationToken))
            {
                Telemetry.Violations.Add(1, new(Telemetry.RouteTag, meter.Route), new(Telemetry.PercentileTag, bound.Percentile));
                Log.Violated(logger, meter.Route, bound.Percentile, bound.MeasuredMs, bound.LimitMs, reading.Requests, violation.TraceId);
            }
        }
    }

    private bool IsNews(string route, string percentile, DateTimeOffset window) =>
        !_told.TryGetValue((route, percentile), out var told) || told < window;

    private async Task<bool> ClaimAsync(BudgetViolation violation, CancellationToken cancellationToken)
    {
        if (store is null || _away)
        {
            return true;
        }

        try
        {
            return await store.ClaimAsync(violation, cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            _away = true;
            return true;
        }
    }
}

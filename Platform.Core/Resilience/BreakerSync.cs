using Microsoft.Extensions.Logging;
using Platform.Identifiers;

namespace Platform.Resilience;

/// <summary>Shows this replica's breakers to the others, obeys operators, and is warned by the others' breakers.</summary>
public sealed class BreakerSync(CircuitBreakers breakers, IBreakerBoard board, TimeProvider time, ILogger<BreakerSync> logger)
{
    /// <summary>A replica that did not show itself for so long is gone.</summary>
    public static readonly TimeSpan Forgotten = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);

    private readonly Guid _replica = Uuid7.Next(time);
    private readonly Dictionary<string, long> _epochs = new(StringComparer.Ordinal);
    private readonly HashSet<string> _warned = new(StringComparer.Ordinal);
    private int _shown = -1;
    private long _shownAt;
    private bool _away;

    /// <summary>Does it once. For one caller at a time.</summary>
    /// <param name="service">Which host this is.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task RunAsync(string service, CancellationToken cancellationToken)
    {
        try
        {
            await ShowAsync(service, cancellationToken);
            Obey(await board.ReadAsync(cancellationToken));
            _away = false;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            // Alone, breakers go on by what they see. Said once an outage.
            if (!_away)
            {
                Log.BoardAway(logger, failure.GetBaseException().Message);
            }

            _away = true;
        }
    }

    private async Task ShowAsync(string service, CancellationToken cancellationToken)
    {
        var version = breakers.Version;
        if (breakers.All is { Count: > 0 } all && (version != _shown || time.GetElapsedTime(_shownAt) >= Heartbeat))
        {
            await board.ShowAsync(_replica, service, [.. all.Select(breaker => breaker.Snapshot)], cancellationToken);
            (_shown, _shownAt) = (version, time.GetTimestamp());
        }
    }

    private void Obey(BreakerBoardReading reading)
    {
        breakers.Override(reading.Options);
        foreach (var breaker in breakers.All)
        {
            if (reading.Orders.TryGetValue(breaker.Name, out var given))
            {
                // An order from before this process began still holds; a reset from then does not matter any more.
                var isNew = !_epochs.TryGetValue(breaker.Name, out var known) || known != given.Epoch;
                var first = !_epochs.ContainsKey(breaker.Name);
                _epochs[breaker.Name] = given.Epoch;
                if (isNew)
                {
                    breaker.Obey(given.Order);
                    if (!first && given.Order is CircuitOrder.None)
                    {
                        breaker.Reset();
                    }
                }
            }

            var open = reading.Replicas.FirstOrDefault(
                other => other.Replica != _replica && other.Breaker.Name == breaker.Name && other.Breaker is { State: CircuitState.Open, Order: CircuitOrder.None });
            if (open is null)
            {
                _warned.Remove(breaker.Name);
            }
            else
            {
                breaker.Warn();
                if (_warned.Add(breaker.Name))
                {
                    Log.OpenElsewhere(logger, breaker.Name, open.Service, open.Replica);
                }
            }
        }
    }
}

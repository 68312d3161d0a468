using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Platform.FeatureFlags;
using Platform.FeatureFlags.Plans;
using Platform.ServiceDefaults.FeatureFlags.Callers;

namespace Platform.ServiceDefaults.FeatureFlags.Outcomes;

/// <summary>
/// Counts how requests end for callers with and without the flags that plans watch, and how often flags are asked. A request that no
/// plan watches costs one look-up.
/// </summary>
internal sealed class FlagOutcomes(
    IFlagOutcomes store, LiveFlags flags, HttpFlagCallers callers, CallerSample sample, TimeProvider time, ILogger<FlagOutcomes> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MarkEvery = TimeSpan.FromMinutes(1);

    private readonly OutcomeCounts _counts = new();
    private readonly Dictionary<string, long> _asked = new(StringComparer.Ordinal);
    private FrozenDictionary<string, string[]> _watched = FrozenDictionary<string, string[]>.Empty;

    /// <summary>Counts one request.</summary>
    public void Count(HttpContext http, TimeSpan elapsed)
    {
        var watched = Volatile.Read(ref _watched);
        if (watched.Count == 0 || http.GetEndpoint() is not RouteEndpoint endpoint)
        {
            return;
        }

        var name = $"{http.Request.Method} /{endpoint.RoutePattern.RawText?.Trim('/')}";
        if (!watched.TryGetValue(name, out var asked) || !HttpFlagCallers.IsKnown(http))
        {
            return;
        }

        var caller = callers.Of(http);
        foreach (var flag in asked)
        {
            var decision = flags.Snapshot.Evaluate(flag, caller);
            var arm = !decision.Enabled ? "off" : decision.Variant is { } variant ? $"on:{variant.Name}" : "on";
            sample.Add(flag, decision, caller, arm);
            _counts.Add(flag, name, arm, http.Response.StatusCode >= StatusCodes.Status500InternalServerError, elapsed.TotalMilliseconds);
        }
    }

    /// <summary>Hands over what was counted, and learns what to count.</summary>
    public async Task ExchangeAsync(CancellationToken cancellationToken)
    {
        await store.AddAsync(_counts.Take(), cancellationToken);
        await store.AddCallersAsync(sample.Take(), cancellationToken);
        var watched = await store.ReadWatchedAsync(cancellationToken);
        sample.Watch(watched, flags.Snapshot);
        Volatile.Write(ref _watched, watched.SelectMany(flag => flag.Endpoints.Select(endpoint => (endpoint, flag.Flag)))
            .GroupBy(entry => entry.endpoint, entry => entry.Flag, StringComparer.Ordinal)
            .ToFrozenDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal));
    }

    /// <summary>Hands over how often flags were asked. What could not be handed over goes along the next time.</summary>
    public async Task MarkAsync(CancellationToken cancellationToken)
    {
        foreach (var (flag, count) in flags.TakeAsked())
        {
            _asked[flag] = _asked.GetValueOrDefault(flag) + count;
        }

        await store.MarkEvaluatedAsync(_asked, cancellationToken);
        _asked.Clear();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var marked = time.GetTimestamp();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ExchangeAsync(stoppingToken);
                if (time.GetElapsedTime(marked) >= MarkEvery)
                {
                    marked = time.GetTimestamp();
                    await MarkAsync(stoppingToken);
                }
            }
            catch (Exception exception) when (exception is not OutOfMemoryException && !stoppingToken.IsCancellationRequested)
            {
                // What was counted meanwhile is lost: guards see fewer answers, never wrong ones.
                Log.NotExchanged(logger, exception.GetBaseException().GetType().Name);
            }

            await Task.Delay(Every, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Debug, "Outcomes of flags could not be handed over: {Cause}")]
    public static partial void NotExchanged(ILogger logger, string cause);
}

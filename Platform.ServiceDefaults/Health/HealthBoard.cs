using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.Health;

namespace Platform.ServiceDefaults.Health;

/// <summary>Every check of the host, and what they say together.</summary>
internal sealed class HealthBoard
{
    private readonly IHostApplicationLifetime _lifetime;
    private readonly CachedCheck[] _ready;
    private readonly CachedCheck[] _startup;
    private volatile bool _started;

    public HealthBoard(
        IOptions<HealthCheckServiceOptions> checks,
        IOptions<HealthOptions> options,
        IServiceScopeFactory scopes,
        IHostApplicationLifetime lifetime,
        TimeProvider time,
        IMeterFactory meters,
        ILogger<HealthBoard> logger)
    {
        _lifetime = lifetime;
        var all = checks.Value.Registrations.ToDictionary(
            registration => registration,
            registration => new CachedCheck(
                registration,
                required: !registration.Tags.Contains(HealthTags.Optional) && !options.Value.Optional.Contains(registration.Name),
                options.Value,
                scopes,
                time,
                logger));
        _ready = [.. all.Where(pair => IsReady(pair.Key.Tags)).Select(pair => pair.Value)];
        _startup = [.. all.Where(pair => pair.Key.Tags.Contains(HealthTags.Startup)).Select(pair => pair.Value)];
        Telemetry.Observe(meters, () => all.Values.Select(check => check.Last).OfType<CheckOutcome>());
    }

    /// <summary>Whether requests may come: started, not draining, every required dependency there.</summary>
    public async Task<HealthVerdict> ReadyAsync(CancellationToken cancellationToken)
    {
        // Said at once: a dependency that hangs must not hold up the word that no requests should come.
        if (_lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return HealthVerdict.Failed("draining", [.. _ready.Select(check => check.Last).OfType<CheckOutcome>()]);
        }

        var startup = await StartupAsync(cancellationToken);
        var outcomes = await AskAsync(_ready, cancellationToken);
        return startup.Passed ? HealthVerdict.Of(outcomes) : HealthVerdict.Failed("starting", [.. startup.Outcomes, .. outcomes]);
    }

    /// <summary>Whether the host has come up. Once it has, it stays so: a dependency that leaves later is a matter of readiness.</summary>
    public async Task<HealthVerdict> StartupAsync(CancellationToken cancellationToken)
    {
        if (_started)
        {
            return HealthVerdict.Of([.. _startup.Select(check => check.Last).OfType<CheckOutcome>()], latched: true);
        }

        var outcomes = await AskAsync(_startup, cancellationToken);
        var verdict = _lifetime.ApplicationStarted.IsCancellationRequested ? HealthVerdict.Of(outcomes) : HealthVerdict.Failed("starting", outcomes);
        _started |= verdict.Passed;
        return verdict;
    }

    private static bool IsReady(ISet<string> tags) => tags.Count == 0
        || tags.Contains(HealthTags.Ready)
        || (tags.Contains(HealthTags.Optional) && !tags.Contains(HealthTags.Startup));

    private static Task<CheckOutcome[]> AskAsync(CachedCheck[] checks, CancellationToken cancellationToken) =>
        Task.WhenAll(checks.Select(check => check.AskAsync(cancellationToken)));
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Platform.ServiceDefaults.Health;

/// <summary>
/// One health check behind a cache: whoever asks while it runs waits for the same run, and a run that does not come back is not
/// started a second time. Probes cannot pile up on a dependency that hangs.
/// </summary>
internal sealed class CachedCheck(
    HealthCheckRegistration registration, bool required, HealthOptions options, IServiceScopeFactory scopes, TimeProvider time, ILogger logger)
{
    private readonly Lock _gate = new();
    private Task<CheckOutcome>? _running;
    private Task? _hanging;
    private CheckOutcome? _last;
    private long _lastAt;

    public string Name => registration.Name;

    public bool Required => required;

    /// <summary>The last answer; <see langword="null"/> before the first.</summary>
    public CheckOutcome? Last => Volatile.Read(ref _last);

    /// <summary>The cached answer while it is fresh, else that of a run.</summary>
    public Task<CheckOutcome> AskAsync(CancellationToken cancellationToken)
    {
        Task<CheckOutcome> running;
        lock (_gate)
        {
            var hangs = _hanging is { IsCompleted: false };
            if (_running is null && _last is not null && (hangs || time.GetElapsedTime(_lastAt) < options.CacheFor))
            {
                return Task.FromResult(_last);
            }

            running = _running ??= RunAsync();
        }

        return running.WaitAsync(cancellationToken);
    }

    private async Task<CheckOutcome> RunAsync()
    {
        // A check may block its thread before it first awaits; that must be neither the prober's thread nor under the lock.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);

        var started = time.GetTimestamp();
        var limit = registration.Timeout > TimeSpan.Zero ? registration.Timeout : required ? options.Timeout : options.OptionalTimeout;
        var check = Task.Run(() => CheckAsync(limit));
        CheckOutcome outcome;
        try
        {
            var result = await check.WaitAsync(limit, time);
            outcome = new(registration.Name, result.Status, required, time.GetElapsedTime(started), result.Description, result.Exception,
                result.Data.GetValueOrDefault("note") as string);
        }
        catch (Exception failure) when (failure is TimeoutException or OperationCanceledException && !check.IsFaulted)
        {
            outcome = new(registration.Name, registration.FailureStatus, required, time.GetElapsedTime(started), "It did not answer in time.");
        }
#pragma warning disable CA1031 // A check that throws has failed: that is its answer.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            outcome = new(registration.Name, registration.FailureStatus, required, time.GetElapsedTime(started), Error: failure);
        }

        Report(outcome);
        lock (_gate)
        {
            _last = outcome;
            _lastAt = time.GetTimestamp();
            _hanging = check;
            _running = null;
        }

        return outcome;
    }

    private async Task<HealthCheckResult> CheckAsync(TimeSpan limit)
    {
        using var timeout = new CancellationTokenSource(limit, time);
        await using var scope = scopes.CreateAsyncScope();
        var check = registration.Factory(scope.ServiceProvider);
        return await check.CheckHealthAsync(new HealthCheckContext { Registration = registration }, timeout.Token);
    }

    private void Report(CheckOutcome outcome)
    {
        var before = _last?.Status ?? HealthStatus.Healthy;
        if (outcome.Status == before)
        {
            return;
        }

        if (outcome.Status is HealthStatus.Healthy)
        {
            Log.Recovered(logger, outcome.Name);
        }
        else
        {
            Log.Failed(logger, outcome.Error, outcome.Name, outcome.Status, outcome.Duration.TotalMilliseconds, outcome.Description);
        }
    }
}

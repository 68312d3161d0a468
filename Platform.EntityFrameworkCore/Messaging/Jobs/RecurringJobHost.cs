using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.EntityFrameworkCore.Messaging.Dispatching;
using Platform.EntityFrameworkCore.Messaging.Operations;
using Platform.Messaging;
using Platform.Messaging.Jobs;
using Platform.Telemetry;

namespace Platform.EntityFrameworkCore.Messaging.Jobs;

/// <summary>Runs the recurring jobs of this process, each while it holds the job's lease.</summary>
internal sealed class RecurringJobHost(
    IEnumerable<RecurringJobDeclaration> declarations,
    IEnumerable<SubscriptionBuilder> subscriptions,
    LeaseTable leases,
    IServiceScopeFactory scopes,
    IOptions<MessagingOptions> options,
    TimeProvider time,
    ILogger<RecurringJobHost> logger) : BackgroundService
{
    private static readonly TimeSpan AfterOutage = TimeSpan.FromSeconds(2);

    private static readonly string Owner = $"{Environment.MachineName}:{Environment.ProcessId}";

    // A holder that died is replaced after at most this long.
    private readonly TimeSpan _leaseDuration = options.Value.JobLease;
    private readonly TimeSpan _renewEvery = options.Value.JobLease / 3;

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Who only sends does not clean up.
        RecurringJobDeclaration[] retention = subscriptions.Any() ? [new(RetentionJob.Name, typeof(RetentionJob), RetentionJob.Schedule)] : [];
        return Task.WhenAll(declarations.Concat(retention).Select(job => RepeatAsync(job, stoppingToken)));
    }

    private async Task RepeatAsync(RecurringJobDeclaration job, CancellationToken stop)
    {
        var created = false;
        while (!stop.IsCancellationRequested)
        {
            var wait = AfterOutage;
            try
            {
                if (!created)
                {
                    await leases.CreateAsync(job.Name, job.Schedule, stop);
                    created = true;
                }

                if (await leases.TakeAsync(job.Name, Owner, _leaseDuration, stop) is { } lease)
                {
                    await RunAsync(job, lease, stop);
                }

                wait = await leases.WaitAsync(job.Name, stop);
                wait = wait < _leaseDuration ? wait : _leaseDuration;
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                if (!stop.IsCancellationRequested)
                {
                    Log.JobOutage(logger, job.Name, wait, exception);
                }
            }

            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task RunAsync(RecurringJobDeclaration job, JobLease lease, CancellationToken stop)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var renewal = RenewAsync(lease, ended);
        string? error = null;
        using (var activity = Telemetry.Source.StartActivity($"run {job.Name}"))
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                await ((IRecurringJob)scope.ServiceProvider.GetRequiredService(job.Type)).RunAsync(lease, ended.Token);
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                error = ErrorText.Of(exception).Message;
                Tracing.Fail(activity, exception);
                if (!stop.IsCancellationRequested)
                {
                    Log.JobFailed(logger, job.Name, exception);
                }
            }
        }

        await ended.CancelAsync();
        await renewal;

        // A run that shutdown cut off is another process's to begin again at once.
        using var limit = new CancellationTokenSource(_renewEvery, time);
        await leases.CompleteAsync(lease, stop.IsCancellationRequested && error is not null ? null : job.Schedule, error, limit.Token);
    }

    private async Task RenewAsync(JobLease lease, CancellationTokenSource ended)
    {
        var renewed = time.GetTimestamp();
        while (true)
        {
            await Task.Delay(_renewEvery, time, ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (ended.IsCancellationRequested)
            {
                return;
            }

            var asked = time.GetTimestamp();
            var held = true;
            try
            {
                held = await leases.RenewAsync(lease, _leaseDuration, ended.Token);
                renewed = asked;
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                // Tried again, as long as the lease runs.
                held = time.GetElapsedTime(renewed) < _leaseDuration - _renewEvery;
            }

            if (!held)
            {
                Log.LeaseLost(logger, lease.Name);
                await ended.CancelAsync();
                return;
            }
        }
    }
}

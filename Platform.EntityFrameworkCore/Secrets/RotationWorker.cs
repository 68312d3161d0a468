using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Platform.Messaging.Jobs;
using Platform.Secrets;

namespace Platform.EntityFrameworkCore.Secrets;

/// <summary>Looks after secrets again and again, in one worker at a time.</summary>
internal sealed class SecretRotationJob(RotationRound round) : IRecurringJob
{
    public const string Name = "secrets.rotate";

    // Each secret has a lease of its own, which fences what is written.
    public Task RunAsync(JobLease lease, CancellationToken cancellationToken) => round.RunAsync(cancellationToken);
}

/// <summary>Begins at once what an operator asks for, instead of with the next look.</summary>
internal sealed partial class RotationRequests(IRotationStore store, RotationRound round, TimeProvider time, ILogger<RotationRequests> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _asked = new(0, 1);

    public override void Dispose()
    {
        _asked.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(ListenAsync(stoppingToken), AnswerAsync(stoppingToken));

    private async Task ListenAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await store.ListenAsync(Ask, stop);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                if (!stop.IsCancellationRequested)
                {
                    Log.ListenerLost(logger, e.GetType().Name);
                    await Task.Delay(Pause, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
        }
    }

    private async Task AnswerAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await _asked.WaitAsync(stop);
                await round.RunAsync(stop);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                if (!stop.IsCancellationRequested)
                {
                    Log.RoundFailed(logger, e.GetType().Name, e);
                    await Task.Delay(Pause, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
        }
    }

    private void Ask()
    {
        try
        {
            _asked.Release();
        }
        catch (Exception e) when (e is SemaphoreFullException or ObjectDisposedException)
        {
            // Asked already, or the host is gone.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Requests for rotations are not heard at present, and found with the next look: {Error}")]
        public static partial void ListenerLost(ILogger logger, string error);

        [LoggerMessage(2, LogLevel.Warning, "The secrets could not be looked after: {Error}")]
        public static partial void RoundFailed(ILogger logger, string error, Exception exception);
    }
}

using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Platform.Hosting;
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

    private readonly WakeSignal _asked = new();

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        PersistentLoop.RunAsync(
            stop => store.ListenAsync(_asked.Set, stop), e => Log.ListenerLost(logger, e.GetType().Name), Pause, time, stoppingToken),
        PersistentLoop.RunAsync(AnswerAsync, e => Log.RoundFailed(logger, e.GetType().Name, e), Pause, time, stoppingToken));

    private async Task AnswerAsync(CancellationToken stop)
    {
        await _asked.WaitAsync(Timeout.InfiniteTimeSpan, time, stop);
        await round.RunAsync(stop);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Requests for rotations are not heard at present, and found with the next look: {Error}")]
        public static partial void ListenerLost(ILogger logger, string error);

        [LoggerMessage(2, LogLevel.Warning, "The secrets could not be looked after: {Error}")]
        public static partial void RoundFailed(ILogger logger, string error, Exception exception);
    }
}

using Npgsql;
using Platform.Hosting;

namespace Platform.EntityFrameworkCore.Connections;

/// <summary>Waits for what the database announces.</summary>
internal static class NoticeWait
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    /// <summary>Waits for the next notice, which the connection's event tells; nothing is sent meanwhile.</summary>
    /// <remarks>
    /// Npgsql passes over a cancellation that comes at the moment when a wait begins (npgsql, issue 5975), and would then wait for ever. So no wait is long, and a
    /// cancellation counts a second late at worst.
    /// </remarks>
    /// <exception cref="OperationCanceledException">It was cancelled; the connection can be used on.</exception>
    public static async Task NextNoticeAsync(this NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
        while (!await connection.WaitAsync(Longest, cancellationToken));
    }

    /// <summary>Runs a wait until it ends by itself, a signal comes or the time is up, whichever is first.</summary>
    /// <param name="signal">Breaks it off; taken with that.</param>
    /// <param name="longest">How long it may be by <paramref name="time"/>.</param>
    /// <param name="time">The clock.</param>
    /// <param name="wait">What is waited for, with the token that breaks it off.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled.</exception>
    public static async Task UntilAsync(WakeSignal signal, TimeSpan longest, TimeProvider time, Func<CancellationToken, Task> wait, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(longest, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        var signalled = signal.WaitAsync(Timeout.InfiniteTimeSpan, time, linked.Token);
        _ = signalled.ContinueWith(static (_, source) => ((CancellationTokenSource)source!).Cancel(), linked, TaskScheduler.Default);
        try
        {
            await wait(linked.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // Time to look.
        }
        finally
        {
            await linked.CancelAsync();
            await signalled.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}

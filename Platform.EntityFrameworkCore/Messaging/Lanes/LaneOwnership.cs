using Microsoft.Extensions.Logging;
using Npgsql;
using Platform.EntityFrameworkCore.Connections;
using Platform.EntityFrameworkCore.Messaging.Sending;
using Platform.Hosting;
using Platform.Messaging;

namespace Platform.EntityFrameworkCore.Messaging.Lanes;

/// <summary>
/// Keeps the one direct connection of this process: it holds the locks of all lanes that are here, and hears of commits elsewhere.
/// </summary>
internal sealed class LaneOwnership(
    MessagingDatabase database,
    WakeUp wakeUp,
    LaneSignals signals,
    MessagingOptions options,
    TimeProvider time,
    ILogger<LaneOwnership> logger)
{
    // The server notices a peer that vanished without a word, and lets go of its locks, within about 10 s.
    private const string Session = """
        SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3;
        SET idle_session_timeout = 0; SET statement_timeout = 0; SET application_name = 'platform messaging lanes';
        """;

    /// <summary>Sent when lanes were let go or a process joined: look at once who should own what.</summary>
    private const string BalanceNotice = "balance";

    /// <summary>Sent when deferred events became due that no owner put there.</summary>
    public const string DueNotice = "due";

    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(5);

    private readonly WakeSignal _interrupt = new();
    private bool _balanceNow;

    /// <summary>Looks again soon: a worker let go of a lane.</summary>
    public void Interrupt() => _interrupt.Set();

    /// <summary>Holds lanes until told to drain and the workers have let go of them all.</summary>
    /// <param name="subscriptions">What to hold lanes for.</param>
    /// <param name="drain">Takes no more, lets go of what is here, and ends.</param>
    /// <param name="stop">Ends at once.</param>
    public async Task RunAsync(IReadOnlyList<SubscriptionLanes> subscriptions, CancellationToken drain, CancellationToken stop)
    {
        await using var interrupt = drain.UnsafeRegister(static self => ((LaneOwnership)self!).Interrupt(), this);
        var backoff = TimeSpan.Zero;
        while (!drain.IsCancellationRequested)
        {
            try
            {
                await using var connection = await database.OpenDirectAsync(stop);
                await JoinAsync(connection, subscriptions, stop);
                backoff = TimeSpan.Zero;
                await HoldAsync(connection, subscriptions, drain, stop);
                return;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                backoff = backoff == TimeSpan.Zero ? FirstBackoff : backoff * 2 < LongestBackoff ? backoff * 2 : LongestBackoff;
                Log.OwnershipLost(logger, backoff, exception);
            }

            foreach (var subscription in subscriptions)
            {
                subscription.Drop();
            }

            await Task.Delay(backoff * (0.5 + (Random.Shared.NextDouble() / 2)), time, drain).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task JoinAsync(NpgsqlConnection connection, IReadOnlyList<SubscriptionLanes> subscriptions, CancellationToken stop)
    {
        connection.Notification += (_, notification) => Heard(notification.Payload);
        await RunAsync(connection, $"{Session} LISTEN \"{database.Channel}\"", stop);
        foreach (var subscription in subscriptions)
        {
            await subscription.JoinAsync(connection, stop);
        }

        await NoticeAsync(connection, stop);
        // What was committed before this process listened.
        signals.Wake(ulong.MaxValue);
    }

    private async Task HoldAsync(
        NpgsqlConnection connection, IReadOnlyList<SubscriptionLanes> subscriptions, CancellationToken drain, CancellationToken stop)
    {
        while (true)
        {
            _balanceNow = false;
            var freed = false;
            foreach (var subscription in subscriptions)
            {
                freed |= await subscription.BalanceAsync(connection, drain.IsCancellationRequested, stop);
            }

            if (freed)
            {
                await NoticeAsync(connection, stop);
            }

            if (drain.IsCancellationRequested && subscriptions.All(subscription => subscription.IsEmpty))
            {
                return;
            }

            await ListenAsync(connection, options.BalanceInterval * (0.75 + (Random.Shared.NextDouble() / 2)), stop);
        }
    }

    private Task ListenAsync(NpgsqlConnection connection, TimeSpan duration, CancellationToken stop) => NoticeWait.UntilAsync(
        _interrupt,
        duration,
        time,
        async token =>
        {
            while (!_balanceNow)
            {
                await connection.NextNoticeAsync(token);
            }
        },
        stop);

    private void Heard(string payload)
    {
        if (payload == BalanceNotice)
        {
            _balanceNow = true;
        }
        else if (payload == DueNotice)
        {
            signals.WakeForDue();
        }
        else if (wakeUp.Read(payload) is not 0 and var lanes)
        {
            signals.Wake(lanes);
        }
    }

    private Task NoticeAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        RunAsync(connection, $"NOTIFY \"{database.Channel}\", '{BalanceNotice}'", cancellationToken);

    private static async Task RunAsync(NpgsqlConnection connection, string statement, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

using System.Globalization;
using Microsoft.Extensions.Logging;
using Npgsql;
using Platform.Identifiers;

namespace Platform.EntityFrameworkCore.Messaging.Sending;

/// <summary>
/// Tells consumers that lanes have something new: those in this process directly, all others with one NOTIFY for all commits since the last.
/// </summary>
/// <remarks>A wake-up that is lost costs time, never an event: consumers poll as well.</remarks>
internal sealed class WakeUp(MessagingDatabase database, LaneSignals signals, TimeProvider time, ILogger<WakeUp> logger)
{
    // The busiest sender notifies 500 times a second; the first commit after a pause is announced at once.
    private static readonly TimeSpan Spacing = TimeSpan.FromMilliseconds(2);

    // A notification needs a transaction id, and with it a commit record. Nothing is lost when that record is: so nobody waits for the disk.
    private const string NotifyUnflushed = "SELECT set_config('synchronous_commit', 'off', true), pg_notify($1, $2)";

    private readonly string _sender = Uuid7.Next(TimeProvider.System).ToString("N");
    private ulong _lanes;
    private int _sending;

    /// <summary>Wakes the consumers of lanes.</summary>
    /// <param name="lanes">One bit a lane.</param>
    public void Signal(ulong lanes)
    {
        signals.Wake(lanes);
        Interlocked.Or(ref _lanes, lanes);
        if (Interlocked.Exchange(ref _sending, 1) == 0)
        {
            // On a thread of its own and without the caller's trace: the caller's request must not wait or be charged for it.
            ThreadPool.UnsafeQueueUserWorkItem(static self => _ = self.SendAsync(), this, preferLocal: false);
        }
    }

    /// <summary>Reads a notification.</summary>
    /// <returns>The lanes, or 0 when it came from this process, which knows already.</returns>
    public ulong Read(string payload)
    {
        var space = payload.IndexOf(' ', StringComparison.Ordinal);
        var sentHere = space >= 0 && payload.AsSpan(space + 1).SequenceEqual(_sender);
        return !sentHere && ulong.TryParse(space < 0 ? payload : payload.AsSpan(0, space), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var lanes)
            ? lanes
            : 0;
    }

    /// <summary>The statement that notifies from inside a transaction of somebody else's.</summary>
    public static NpgsqlBatchCommand Notification(string channel, ulong lanes) =>
        Command("SELECT pg_notify($1, $2)", channel, lanes.ToString("x", CultureInfo.InvariantCulture));

    private static NpgsqlBatchCommand Command(string statement, string channel, string payload) => new(statement)
    {
        Parameters = { new NpgsqlParameter<string> { TypedValue = channel }, new NpgsqlParameter<string> { TypedValue = payload } },
    };

    private async Task SendAsync()
    {
        do
        {
            var lanes = Interlocked.Exchange(ref _lanes, 0);
            try
            {
                if (lanes != 0)
                {
                    await using var open = await database.OpenAsync(CancellationToken.None);
                    await using var batch = new NpgsqlBatch(open.Connection)
                    {
                        BatchCommands = { Command(NotifyUnflushed, database.Channel, $"{lanes:x} {_sender}") },
                    };
                    await batch.ExecuteNonQueryAsync();
                    await Task.Delay(Spacing, time);
                }
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                Log.WakeUpFailed(logger, exception);
            }

            Volatile.Write(ref _sending, 0);
        }
        while (Volatile.Read(ref _lanes) != 0 && Interlocked.Exchange(ref _sending, 1) == 0);
    }
}

using Microsoft.Extensions.Logging;
using Npgsql;
using Platform.EntityFrameworkCore.Messaging;

namespace Platform.EntityFrameworkCore.Conditional;

/// <summary>Has other processes look at the log of changes at once. A signal that is lost costs the time until they look anyway.</summary>
/// <remarks>After the commit and not within it: a NOTIFY makes commits wait for each other.</remarks>
internal sealed class ChangeSignal(MessagingDatabase database, TimeProvider time, ILogger<ChangeSignal> logger)
{
    private const string Notify = "SELECT pg_notify($1, '')";

    // One notification for all commits within it.
    private static readonly TimeSpan Spacing = TimeSpan.FromMilliseconds(5);

    private int _wanted;
    private int _sending;

    public string Channel => $"{database.Schema.Trim('"')}_changes";

    public void Send()
    {
        Volatile.Write(ref _wanted, 1);
        if (Interlocked.Exchange(ref _sending, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static self => _ = self.SendAsync(), this, preferLocal: false);
        }
    }

    private async Task SendAsync()
    {
        do
        {
            try
            {
                if (Interlocked.Exchange(ref _wanted, 0) == 1)
                {
                    await using var open = await database.OpenAsync(CancellationToken.None);
                    await using var command = new NpgsqlCommand(Notify, open.Connection)
                    {
                        Parameters = { new NpgsqlParameter<string> { TypedValue = Channel } },
                    };
                    await command.ExecuteNonQueryAsync();
                    await Task.Delay(Spacing, time);
                }
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                Log.SignalFailed(logger, exception);
            }

            Volatile.Write(ref _sending, 0);
        }
        while (Volatile.Read(ref _wanted) == 1 && Interlocked.Exchange(ref _sending, 1) == 0);
    }
}

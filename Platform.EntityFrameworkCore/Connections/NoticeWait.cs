using Npgsql;

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
}

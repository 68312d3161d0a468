using System.Globalization;
using Npgsql;
using Platform.FeatureFlags;

namespace Platform.EntityFrameworkCore.FeatureFlags;

/// <summary>Changes as PostgreSQL tells them: LISTEN and NOTIFY, and a read of what is new.</summary>
internal sealed class FlagFeed(FlagDatabase database, FlagReads reads) : IFlagFeed
{
    public async Task<StoredFlags> ReadAsync(StoredFlags known, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(known);
        await using var open = await database.OpenAsync(cancellationToken);
        return await reads.ReadAsync(open.Connection, known, cancellationToken);
    }

    public async Task ListenAsync(Action connected, Action<long> heard, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connected);
        ArgumentNullException.ThrowIfNull(heard);
        await using var connection = await database.OpenListenerAsync(cancellationToken);
        connection.Notification += (_, notification) =>
        {
            if (long.TryParse(notification.Payload, NumberStyles.None, CultureInfo.InvariantCulture, out var version))
            {
                heard(version);
            }
        };
        await using (var listen = new NpgsqlCommand($"SET idle_session_timeout = 0; LISTEN \"{database.Channel}\"", connection))
        {
            await listen.ExecuteNonQueryAsync(cancellationToken);
        }

        // A change that was committed before LISTEN told nobody here (PostgreSQL manual, "LISTEN").
        connected();
        while (true)
        {
            await connection.WaitAsync(cancellationToken);
        }
    }
}

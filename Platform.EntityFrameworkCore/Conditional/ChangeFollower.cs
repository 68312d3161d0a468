using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Platform.Conditional;
using Platform.EntityFrameworkCore.Messaging;
using Platform.EntityFrameworkCore.Sync;
using Platform.Hosting;

namespace Platform.EntityFrameworkCore.Conditional;

/// <summary>
/// Reads every committed change from the log and tells the memory of versions; woken by signals, and looking four times within the allowed staleness.
/// </summary>
/// <remarks>
/// What is new is what was not visible in the snapshot of the last reading and is visible now, so a transaction that commits late is not missed, and
/// one that is open for long holds up nobody. After a break of the connection nothing that was remembered before counts.
/// </remarks>
internal sealed class ChangeFollower(
    MessagingDatabase database,
    ChangeSignal signal,
    VersionMemory memory,
    ChangePulse pulse,
    IOptions<ConditionalOptions> options,
    TimeProvider time,
    ILogger<ChangeFollower> logger) : BackgroundService
{
    // More than this at once, and everything is forgotten instead.
    private const int MostChanges = 10_000;

    private const string CurrentSnapshot = "SELECT pg_current_snapshot()::text";

    private const string NewChanges = """
        SELECT pg_current_snapshot()::text, change.kind, change.resource_id
        FROM (SELECT) one LEFT JOIN LATERAL (
            SELECT c.kind, c.resource_id FROM {schema}.core_change c
            WHERE c.transaction_id >= pg_snapshot_xmin($1::pg_snapshot) AND NOT pg_visible_in_snapshot(c.transaction_id, $1::pg_snapshot)
            LIMIT $2) change ON true
        """;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => options.Value.MaxStaleness <= TimeSpan.Zero
        ? Task.CompletedTask
        : PersistentLoop.RunAsync(FollowAsync, exception => Log.FollowingFailed(logger, exception), Pause, time, stoppingToken);

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenDirectAsync(cancellationToken);
        await using (var listen = new NpgsqlCommand($"LISTEN \"{signal.Channel}\"", connection))
        {
            await listen.ExecuteNonQueryAsync(cancellationToken);
        }

        var started = time.GetTimestamp();
        string snapshot;
        await using (var current = new NpgsqlCommand(CurrentSnapshot, connection))
        {
            snapshot = (string)(await current.ExecuteScalarAsync(cancellationToken))!;
        }

        memory.Forget();
        memory.Confirm(started);

        var snapshotParameter = new NpgsqlParameter<string>();
        await using var changes = new NpgsqlCommand(database.Sql(NewChanges), connection)
        {
            Parameters = { snapshotParameter, new NpgsqlParameter<int> { TypedValue = MostChanges } },
        };
        var interval = options.Value.MaxStaleness / 4;
        while (true)
        {
            // False when the time is up; either way the log is looked at.
            await connection.WaitAsync(interval, cancellationToken);
            started = time.GetTimestamp();
            snapshotParameter.TypedValue = snapshot;
            snapshot = await TellAsync(changes, cancellationToken);
            memory.Confirm(started);
        }
    }

    private async Task<string> TellAsync(NpgsqlCommand changes, CancellationToken cancellationToken)
    {
        var count = 0;
        var snapshot = "";
        await using var reader = await changes.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            snapshot = reader.GetString(0);
            if (!await reader.IsDBNullAsync(1, cancellationToken))
            {
                memory.Changed(reader.GetString(1), reader.GetGuid(2));
                count++;
            }
        }

        if (count >= MostChanges)
        {
            memory.Forget();
        }

        if (count > 0)
        {
            pulse.Beat();
        }

        return snapshot;
    }
}

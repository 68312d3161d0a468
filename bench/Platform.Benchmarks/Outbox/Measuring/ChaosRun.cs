using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Platform.Benchmarks.Outbox.Peers;

namespace Platform.Benchmarks.Outbox.Measuring;

/// <summary>
/// Kills processes with -9 while events flow, and then asks the database: every committed change has one effect, in order. With events in
/// PostgreSQL itself the process that relays is the one that consumes, so there are <paramref name="consumers"/> of both in one; the
/// senders are killed as well, which shows that neither a change nor its event is committed alone.
/// </summary>
internal sealed class ChaosRun(BenchServer server, int consumers, int senders, int kills, int events)
{
    private const string Sent = "SELECT count(*) FROM parcel_move";

    private const string Lost = """
        SELECT count(*) FROM parcel_move m WHERE NOT EXISTS (SELECT 1 FROM parcel_effect e WHERE e.parcel = m.parcel AND e.step = m.step)
        """;

    private const string Invented = """
        SELECT count(*) FROM parcel_effect e WHERE NOT EXISTS (SELECT 1 FROM parcel_move m WHERE e.parcel = m.parcel AND e.step = m.step)
        """;

    private const string Doubled = "SELECT count(*) - count(DISTINCT event_id) FROM parcel_effect";

    private const string OutOfOrder = """
        SELECT count(*) FROM (SELECT step, max(step) OVER (PARTITION BY parcel ORDER BY place_in_order ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
            FROM parcel_effect) e WHERE before > step
        """;

    // From the moment before the change was saved to the effect's own INSERT; both clocks are this machine's.
    private const string LongestWait = """
        SELECT coalesce(extract(epoch FROM max(handled_at - at)), 0)::float8 FROM parcel_effect WHERE at > to_timestamp(<killed>) - interval '1 second'
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public async Task<ChaosResult> RunAsync(CancellationToken cancellationToken)
    {
        var connection = await CreateAsync("chaos", cancellationToken);
        Victim[] victims =
        [
            .. Enumerable.Range(0, consumers).Select(_ => new Victim(connection, "consume")),
            .. Enumerable.Range(0, senders).Select(index => new Victim(connection, "send", $"{index}", $"{senders}")),
        ];
        try
        {
            await Task.WhenAll(victims.Select(victim => victim.StartAsync(cancellationToken)));

            // Each at times of its own, so that several are down at once.
            await Task.WhenAll(victims.Select(victim => KillOftenAsync(victim, cancellationToken)));
            await SentAsync("chaos", cancellationToken);
            await Task.WhenAll(victims[consumers..].Select(victim => victim.EndAsync(cancellationToken)));
            var lost = await SettledAsync("chaos", cancellationToken);
            return new ChaosResult(
                Events: await server.ScalarAsync<long>("chaos", Sent, cancellationToken),
                Kills: victims.Sum(victim => victim.Kills),
                Lost: lost + await server.ScalarAsync<long>("chaos", Invented, cancellationToken),
                Doubled: await server.ScalarAsync<long>("chaos", Doubled, cancellationToken),
                OutOfOrder: await server.ScalarAsync<long>("chaos", OutOfOrder, cancellationToken));
        }
        finally
        {
            Array.ForEach(victims, victim => victim.Dispose());
        }
    }

    /// <summary>Of two consumers one is killed: the longest that any event waits from then on, of the dead one's lanes too.</summary>
    public async Task<double> RecoverAsync(int times, CancellationToken cancellationToken)
    {
        var connection = await CreateAsync("recover", cancellationToken);
        using var stays = new Victim(connection, "consume");
        using var dies = new Victim(connection, "consume");
        using var sends = new Victim(connection, "send", "0", "1");
        await Task.WhenAll(stays.StartAsync(cancellationToken), dies.StartAsync(cancellationToken), sends.StartAsync(cancellationToken));
        List<double> waits = [];
        for (var i = 0; i < times; i++)
        {
            // Long enough that the lanes are shared again.
            await Task.Delay(TimeSpan.FromSeconds(4), cancellationToken);
            var killed = TimeProvider.System.GetUtcNow();
            await dies.KillAsync(cancellationToken);
            await Task.Delay(TimeSpan.FromSeconds(4), cancellationToken);
            var seconds = (killed.ToUnixTimeMilliseconds() / 1000d).ToString(CultureInfo.InvariantCulture);
            var sql = LongestWait.Replace("<killed>", seconds, StringComparison.Ordinal);
            waits.Add(await server.ScalarAsync<double>("recover", sql, cancellationToken));
            await dies.StartAsync(cancellationToken);
        }

        return waits.Max();
    }

    private async Task<string> CreateAsync(string database, CancellationToken cancellationToken)
    {
        await server.CreateAsync(database, cancellationToken);
        await server.ExecuteAsync(
            database,
            """
            ALTER TABLE parcel_effect ADD COLUMN place_in_order bigint GENERATED ALWAYS AS IDENTITY, ADD COLUMN handled_at timestamptz DEFAULT clock_timestamp();
            CREATE INDEX ON parcel_effect (parcel, step);
            CREATE INDEX ON parcel_move (parcel, step)
            """,
            cancellationToken);
        var connection = server.ConnectionString(database);
        await using var context = new PlatformContext(new DbContextOptionsBuilder<PlatformContext>().UseNpgsql(connection + ";Pooling=false").Options);
        await context.GetService<IRelationalDatabaseCreator>().CreateTablesAsync(cancellationToken);
        return connection;
    }

    private async Task KillOftenAsync(Victim victim, CancellationToken cancellationToken)
    {
        while (victim.Kills < kills)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(200, 3_000)), cancellationToken);
            await victim.KillAsync(cancellationToken);
            await victim.StartAsync(cancellationToken);
        }
    }

    private async Task SentAsync(string database, CancellationToken cancellationToken)
    {
        while (await server.ScalarAsync<long>(database, Sent, cancellationToken) < events)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
        }
    }

    private async Task<long> SettledAsync(string database, CancellationToken cancellationToken)
    {
        var deadline = TimeProvider.System.GetUtcNow() + Patience;
        while (true)
        {
            var lost = await server.ScalarAsync<long>(database, Lost, cancellationToken);
            if (lost == 0 || TimeProvider.System.GetUtcNow() > deadline)
            {
                return lost;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
        }
    }
}

/// <param name="Events">Changes that were committed.</param>
/// <param name="Kills">Processes killed with -9.</param>
/// <param name="Lost">Changes without effect after a minute's patience, and effects without a change.</param>
/// <param name="Doubled">Effects beyond one an event.</param>
/// <param name="OutOfOrder">Effects after a later one of their aggregate.</param>
internal sealed record ChaosResult(long Events, int Kills, long Lost, long Doubled, long OutOfOrder);

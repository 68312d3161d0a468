using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Platform.Embedded.Postgres;
using Platform.EntityFrameworkCore.Conditional;
using Platform.EntityFrameworkCore.Messaging;
using Platform.EntityFrameworkCore.Sync;
using Platform.Identifiers;

namespace Platform.Benchmarks.Sync;

/// <summary>
/// Suite <c>sync</c>: changes that a reader with a cursor misses or sees twice, while many transactions commit at once and out of the order in which they
/// began. Beside it, what a cursor over the sequence of the same rows would have missed.
/// </summary>
/// <param name="quick">Fewer commits.</param>
/// <param name="output">Where the table goes.</param>
internal sealed class SyncSuite(bool quick, TextWriter output)
{
    private const int Writers = 24;
    private const int Page = 500;

    private const string Tables = """
        CREATE TABLE things (id uuid PRIMARY KEY, number bigint GENERATED ALWAYS AS IDENTITY)
        """;

    private readonly int _commits = quick ? 4_000 : 40_000;

    public async Task<IReadOnlyDictionary<string, double>> RunAsync(CancellationToken cancellationToken)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"platform-bench-sync-{Environment.ProcessId}");
        try
        {
            await using var server = await PostgresServer.StartAsync(
                new PostgresServerOptions { Folder = folder, Durable = true, Settings = new Dictionary<string, string> { ["commit_delay"] = "0" } }, cancellationToken);
            var connectionString = server.ConnectionStringFor("postgres") + ";Maximum Pool Size=60";
            await using var services = new ServiceCollection()
                .AddLogging()
                .AddSingleton<IConfiguration>(new ConfigurationBuilder().Build())
                .AddDbContext<SyncContext>(options => options.UseNpgsql(connectionString))
                .AddMessaging<SyncContext>()
                .AddChanges<SyncContext>()
                .AddChangeLog()
                .BuildServiceProvider();
            await using (var scope = services.CreateAsyncScope())
            {
                var database = scope.ServiceProvider.GetRequiredService<SyncContext>().Database;
                await database.EnsureCreatedAsync(cancellationToken);
                foreach (var statement in (string[])[Tables, ChangeTriggers.Up, ChangeTriggers.On("things", "thing")])
                {
                    await database.ExecuteSqlRawAsync(statement, cancellationToken);
                }
            }

            return await MeasureAsync(connectionString, services.GetRequiredService<ChangeLog>(), cancellationToken);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<IReadOnlyDictionary<string, double>> MeasureAsync(string connectionString, ChangeLog log, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        using var done = new CancellationTokenSource();
        var started = TimeProvider.System.GetTimestamp();
        var byCursor = FollowAsync(log, done.Token);
        var bySequence = FollowSequenceAsync(source, done.Token);
        var committed = (await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => WriteAsync(source, writer, cancellationToken)))).Sum();
        var took = TimeProvider.System.GetElapsedTime(started);
        await done.CancelAsync();
        var (seen, repeated) = await byCursor;
        var lost = committed - seen;
        var lostBySequence = committed - await bySequence;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{committed,7} commits by {Writers} writers in {took.TotalSeconds:0.0} s"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"cursor over settled transactions {lost,7} lost {repeated,7} repeated"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"cursor over a sequence           {lostBySequence,7} lost"));
        return new Dictionary<string, double> { ["lost"] = lost, ["repeated"] = repeated, ["lost_by_sequence"] = lostBySequence };
    }

    // A transaction takes its place when it writes, and is visible when it commits: some wait in between.
    private async Task<int> WriteAsync(NpgsqlDataSource source, int writer, CancellationToken cancellationToken)
    {
        var random = new Random(writer);
        var count = _commits / Writers;
        for (var i = 0; i < count; i++)
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using var insert = new NpgsqlCommand("INSERT INTO things (id) VALUES ($1)", connection, transaction)
            {
                Parameters = { new NpgsqlParameter<Guid> { TypedValue = Uuid7.Next(TimeProvider.System) } },
            };
            await insert.ExecuteNonQueryAsync(cancellationToken);
            if (random.Next(20) == 0)
            {
                await Task.Delay(random.Next(1, 40), cancellationToken);
            }

            await transaction.CommitAsync(cancellationToken);
        }

        return count;
    }

    private static async Task<(int Seen, int Repeated)> FollowAsync(ChangeLog log, CancellationToken done)
    {
        var seen = new HashSet<Guid>();
        var repeated = 0;
        var place = default(ChangePlace);
        while (true)
        {
            // Once more after the last commit: everything is settled then.
            var last = done.IsCancellationRequested;
            var changes = await log.ReadAsync(place, ["thing"], Page, CancellationToken.None);
            foreach (var change in changes)
            {
                repeated += seen.Add(change.Id) ? 0 : 1;
                place = change.Place;
            }

            if (changes.Count == 0 && last)
            {
                return (seen.Count, repeated);
            }

            if (changes.Count < Page && !last)
            {
                await Task.Delay(5, CancellationToken.None);
            }
        }
    }

    private static async Task<int> FollowSequenceAsync(NpgsqlDataSource source, CancellationToken done)
    {
        var (seen, after) = (0, 0L);
        while (true)
        {
            var last = done.IsCancellationRequested;
            var read = 0;
            await using var command = source.CreateCommand("SELECT number FROM things WHERE number > $1 ORDER BY number LIMIT $2");
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = after });
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = Page });
            await using (var reader = await command.ExecuteReaderAsync(CancellationToken.None))
            {
                while (await reader.ReadAsync(CancellationToken.None))
                {
                    (after, read) = (reader.GetInt64(0), read + 1);
                }
            }

            seen += read;
            if (read == 0 && last)
            {
                return seen;
            }

            if (read < Page && !last)
            {
                await Task.Delay(5, CancellationToken.None);
            }
        }
    }
}

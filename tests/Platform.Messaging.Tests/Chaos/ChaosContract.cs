using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platform.Embedded.Folders;
using Platform.Embedded.Postgres;
using Platform.Messaging.Tests.Support;
using Platform.Messaging.Transports;
using Platform.Testing;

namespace Platform.Messaging.Tests.Chaos;

/// <summary>
/// Relays, consumers and producers as processes; relays and consumers are killed with -9 again and again, PostgreSQL crashed under them, connections to
/// it and to the broker cut. Short by default; <c>PLATFORM_CHAOS=long</c> runs 50,000 events over 500 aggregates, with 4 relays and 4 consumers
/// that are killed 25 times each, and PostgreSQL restarted 3 times.
/// </summary>
public abstract class ChaosContract
{
    private static readonly Scale Run = Environment.GetEnvironmentVariable("PLATFORM_CHAOS") == "long"
        ? new(Processes: 4, KillsEach: 25, Restarts: 3, Producers: 4, Events: 50_000, Aggregates: 500, TimeSpan.FromMinutes(20))
        : new(Processes: 2, KillsEach: 2, Restarts: 1, Producers: 2, Events: 1200, Aggregates: 50, TimeSpan.FromMinutes(3));

    [Fact]
    public async Task Nothing_is_lost_doubled_or_out_of_order_while_everything_is_killed()
    {
        using var folder = ThrowawayFolder.Create();
        var server = await StartAsync(Path.Combine(folder.Path, "postgres"), null);
        var (port, connectionString) = (server.Port, server.ConnectionStringFor("postgres"));
        await PrepareAsync(connectionString);
        var started = TimeProvider.System.GetTimestamp();
        await using var broker = await StartBrokerAsync();
        string[] roles = broker.Transport is MessagingTransport.PostgreSql ? ["consume"] : ["relay", "consume"];
        var victims = await Task.WhenAll(roles.SelectMany(role => Enumerable.Repeat(role, Run.Processes))
            .Select(role => Unlucky.StartAsync(role, broker.Environment, connectionString)));
        var producers = await Task.WhenAll(Enumerable.Range(0, Run.Producers).Select(_ => Victim.StartAsync(
            "produce", connectionString, $"{Run.Events / Run.Producers}", $"{Run.Aggregates}")));
        using var ended = new CancellationTokenSource();
        var killing = Task.CompletedTask;
        try
        {
            var kills = 0;
            killing = Task.WhenAll(victims.Select(async victim =>
            {
                while (victim.Kills < Run.KillsEach && !ended.IsCancellationRequested)
                {
                    await MovesOnAsync(connectionString);
                    await victim.ReplaceAsync();
                    if (Interlocked.Increment(ref kills) % 4 == 3)
                    {
                        await CutAsync(connectionString);
                        broker.Cut();
                    }
                }
            }));
            for (var restart = 1; restart <= Run.Restarts; restart++)
            {
                var at = restart * Run.KillsEach * victims.Length / (Run.Restarts + 1);
                await Eventually.BecomesTrueAsync(() => Volatile.Read(ref kills) >= at, Run.Limit);
                await server.CrashAsync();
                server = await StartAsync(Path.Combine(folder.Path, "postgres"), port);
            }

            await killing;
            using var limit = new CancellationTokenSource(Run.Limit);
            await Task.WhenAll(producers.Select(producer => producer.ExitedAsync(limit.Token)));
            await Eventually.BecomesTrueAsync(async () => await ScalarAsync<long>(connectionString, """
                SELECT (SELECT count(*) FROM effects) - (SELECT count(*) FROM platform.core_outbox_event)
                """) >= 0, Run.Limit);

            var events = await ScalarAsync<long>(connectionString, "SELECT count(*) FROM platform.core_outbox_event");
            TestContext.Current.TestOutputHelper?.WriteLine(
                $"{broker.Transport}: {events} events, {kills} kills of {victims.Length} processes, {Run.Restarts} restarts, "
                + $"{TimeProvider.System.GetElapsedTime(started).TotalSeconds:0} s");
            Assert.True(await ScalarAsync<long>(connectionString, "SELECT count(*) FROM effects") >= Run.Events * 9 / 10);
            Assert.Equal(0L, await ScalarAsync<long>(connectionString, "SELECT count(*) FROM platform.core_dead_letter"));
            Assert.Equal(0L, await ScalarAsync<long>(connectionString, "SELECT (SELECT sum(number) FROM clocks) - (SELECT count(*) FROM effects)"));
            Assert.Equal(0L, await ScalarAsync<long>(connectionString, """
                SELECT count(*) FROM (SELECT "Number" - row_number() OVER (PARTITION BY "Aggregate" ORDER BY "Id") AS off FROM effects) e WHERE off <> 0
                """));
        }
        finally
        {
            // Nobody is replaced any more: nobody would end that one.
            await ended.CancelAsync();
            await killing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            await Task.WhenAll(victims.Select(victim => victim.DisposeAsync().AsTask()).Concat(producers.Select(producer => producer.DisposeAsync().AsTask())));
            NpgsqlConnection.ClearAllPools();
            await server.CrashAsync();
            await server.DisposeAsync();
        }
    }

    /// <summary>Starts the broker of the transport.</summary>
    private protected abstract Task<ChaosBroker> StartBrokerAsync();

    private protected static Task<PostgresServer> StartAsync(string folder, int? port) => PostgresServer.StartAsync(
        new PostgresServerOptions { Folder = folder, Port = port, Password = "chaos", StartLimit = TimeSpan.FromMinutes(5) }, TestContext.Current.CancellationToken);

    private protected static async Task PrepareAsync(string connectionString)
    {
        await using var context = new ShopContext(new DbContextOptionsBuilder<ShopContext>().UseNpgsql(connectionString).Options);
        await context.Database.EnsureCreatedAsync();
        await context.Database.ExecuteSqlRawAsync("CREATE TABLE clocks (name text PRIMARY KEY, number int NOT NULL)");
        await context.Database.ExecuteSqlAsync($"INSERT INTO clocks SELECT 'clock ' || n, 0 FROM generate_series(0, {Run.Aggregates - 1}) n");
    }

    /// <summary>Waits until something more was handled, so that each kill hits a process at work; not for long, since all may be done.</summary>
    private static async Task MovesOnAsync(string connectionString)
    {
        var before = await ScalarAsync<long>(connectionString, "SELECT count(*) FROM effects");
        try
        {
            await Eventually.BecomesTrueAsync(async () => await ScalarAsync<long>(connectionString, "SELECT count(*) FROM effects") > before, TimeSpan.FromSeconds(3));
        }
        catch (TimeoutException)
        {
            // Done, or all owners are being replaced.
        }
    }

    private static Task<long> CutAsync(string connectionString) => ScalarAsync<long>(
        connectionString, "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");

    private protected static async Task<T> ScalarAsync<T>(string connectionString, string sql)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await using var connection = new NpgsqlConnection($"{connectionString};Pooling=false");
                await connection.OpenAsync();
                await using var command = new NpgsqlCommand(sql, connection);
                return (T)(await command.ExecuteScalarAsync())!;
            }
            catch (NpgsqlException) when (tries < 100)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            }
        }
    }

    private sealed record Scale(int Processes, int KillsEach, int Restarts, int Producers, int Events, int Aggregates, TimeSpan Limit);

    /// <summary>A place for a process that is killed there and started again.</summary>
    private sealed class Unlucky : IAsyncDisposable
    {
        private readonly string _role;
        private readonly IReadOnlyDictionary<string, string> _environment;
        private readonly string _connectionString;
        private Victim _victim;

        private Unlucky(string role, IReadOnlyDictionary<string, string> environment, string connectionString, Victim victim) =>
            (_role, _environment, _connectionString, _victim) = (role, environment, connectionString, victim);

        public int Kills { get; private set; }

        public static async Task<Unlucky> StartAsync(string role, IReadOnlyDictionary<string, string> environment, string connectionString) =>
            new(role, environment, connectionString, await Victim.StartAsync(environment, role, connectionString));

        public async Task ReplaceAsync()
        {
            Kills++;
            await _victim.DisposeAsync();
            _victim = await Victim.StartAsync(_environment, _role, _connectionString);
        }

        public ValueTask DisposeAsync() => _victim.DisposeAsync();
    }
}

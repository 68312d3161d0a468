using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Platform.Embedded.Postgres;
using Platform.Embedded.Redis;
using Platform.EntityFrameworkCore.FeatureFlags;
using Platform.FeatureFlags;

namespace Platform.Benchmarks.Flags;

/// <summary>
/// How long a change takes from its commit to every one of 40 hosts, with 200 flags of 50 users each, and whether one is missed while Redis is killed
/// and the database's connections are cut. The hosts are whole ones, in this process, so they share its cores.
/// </summary>
internal sealed class PropagationRun(bool quick, TextWriter output)
{
    private const int Replicas = 40;
    private const int Flags = 200;
    private const int Users = 50;

    private static readonly FlagAuthor Author = new("bench");
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"platform-bench-flags-{Environment.ProcessId}");
    private readonly TimeProvider _time = TimeProvider.System;

    public async Task RunAsync(Dictionary<string, double> figures, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_folder);
        await using var postgres = await PostgresServer.StartAsync(
            new PostgresServerOptions
            {
                Folder = Path.Combine(_folder, "postgres"),
                Durable = true,
                Settings = new Dictionary<string, string> { ["max_connections"] = "300" },
            },
            cancellationToken);
        var redis = await RedisServer.StartAsync(new RedisServerOptions(), cancellationToken);
        var database = postgres.ConnectionStringFor("postgres");
        List<IHost> hosts = [];
        try
        {
            await PrepareAsync(database, cancellationToken);
            var writer = await StartAsync(database, redis.ConnectionString, folder: null, cancellationToken);
            hosts.Add(writer);
            var store = writer.Services.GetRequiredService<IFlagStore>();
            await store.EditAsync(new FlagEdit(Author, _ => Document()), cancellationToken);
            hosts.AddRange(await Task.WhenAll(Enumerable.Range(0, Replicas).Select(_ => StartAsync(database, redis.ConnectionString, folder: null, cancellationToken))));
            LiveFlags[] replicas = [.. hosts.Skip(1).Select(host => host.Services.GetRequiredService<LiveFlags>())];

            var delays = await PacedAsync(store, replicas, quick ? 60 : 1_000, cancellationToken);
            figures["propagation_ms_p50"] = delays[delays.Count / 2];
            figures["propagation_ms_p99"] = delays[delays.Count * 99 / 100];

            var (missed, backwards, converged) = await CutAsync(store, replicas, redis, database, quick ? 200 : 1_000, cancellationToken);
            figures["missed"] = missed;
            figures["seen_backwards"] = backwards;
            figures["converged_ms"] = converged;
            figures["cold_start_ms"] = await ColdStartAsync(database, cancellationToken);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{Replicas} hosts, {Flags} flags: p50 {figures["propagation_ms_p50"]:0.0} ms, p99 {figures["propagation_ms_p99"]:0.0} ms; {missed} missed; cold start {figures["cold_start_ms"]:0} ms"));
        }
        finally
        {
            await Task.WhenAll(hosts.Select(StopAsync));
            await redis.DisposeAsync();
            NpgsqlConnection.ClearAllPools();
            await postgres.CrashAsync();
            Directory.Delete(_folder, recursive: true);
        }
    }

    /// <summary>One change after the other, each when all hosts have the one before.</summary>
    private async Task<List<double>> PacedAsync(IFlagStore store, LiveFlags[] replicas, int changes, CancellationToken cancellationToken)
    {
        List<double> delays = [];
        for (var i = 0; i < changes; i++)
        {
            var seen = new long[replicas.Length];
            using var all = new CountdownEvent(replicas.Length);
            var expected = store.ReadAsync(cancellationToken);
            var version = (await expected).Version + 1;
            Action<FlagSnapshot>[] handlers = [.. replicas.Select((_, index) => (Action<FlagSnapshot>)(snapshot =>
            {
                if (snapshot.Version >= version && Interlocked.CompareExchange(ref seen[index], _time.GetTimestamp(), 0) == 0)
                {
                    all.Signal();
                }
            }))];
            for (var r = 0; r < replicas.Length; r++)
            {
                replicas[r].Changed += handlers[r];
            }

            await store.EditAsync(Flip(i), cancellationToken);
            var committed = _time.GetTimestamp();
            if (!all.Wait(Limit, cancellationToken))
            {
                throw new TimeoutException($"{all.CurrentCount} hosts did not hear of change {i}.");
            }

            for (var r = 0; r < replicas.Length; r++)
            {
                replicas[r].Changed -= handlers[r];
                delays.Add(Math.Max(0, _time.GetElapsedTime(committed, seen[r]).TotalMilliseconds));
            }
        }

        delays.Sort();
        return delays;
    }

    /// <summary>As fast as they commit, with Redis killed after a quarter and back after three, and connections cut ten times.</summary>
    private async Task<(long Missed, long Backwards, double Converged)> CutAsync(
        IFlagStore store, LiveFlags[] replicas, RedisServer redis, string database, int changes, CancellationToken cancellationToken)
    {
        var backwards = 0L;
        var newest = new long[replicas.Length];
        for (var r = 0; r < replicas.Length; r++)
        {
            var index = r;
            replicas[r].Changed += snapshot =>
            {
                if (snapshot.Version < Interlocked.Exchange(ref newest[index], snapshot.Version))
                {
                    Interlocked.Increment(ref backwards);
                }
            };
        }

        RedisServer? again = null;
        var version = 0L;
        for (var i = 1; i <= changes; i++)
        {
            version = (await store.EditAsync(Flip(i), cancellationToken)).Flags.Version;
            if (i == changes / 4)
            {
                await redis.DisposeAsync();
            }

            if (i == changes * 3 / 4)
            {
                again = await RedisServer.StartAsync(new RedisServerOptions { Port = redis.Port }, cancellationToken);
            }

            if (i % (changes / 10) == 0)
            {
                await using var connection = new NpgsqlConnection(database);
                await connection.OpenAsync(cancellationToken);
                await using var cut = new NpgsqlCommand("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'platform flags'", connection);
                await cut.ExecuteNonQueryAsync(cancellationToken);
            }
        }

        var last = _time.GetTimestamp();
        while (replicas.Any(replica => replica.Snapshot.Version < version) && _time.GetElapsedTime(last) < Settling)
        {
            await Task.Delay(1, cancellationToken);
        }

        var converged = _time.GetElapsedTime(last).TotalMilliseconds;
        if (again is not null)
        {
            await again.DisposeAsync();
        }

        return (replicas.Sum(replica => version - replica.Snapshot.Version), backwards, converged);
    }

    /// <summary>From the beginning of a start without the database to flags that answer from the file; the best of five, as the first compiles code.</summary>
    private async Task<double> ColdStartAsync(string database, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(_folder, "file");
        var saving = await StartAsync(database, redis: null, folder, cancellationToken);
        var version = saving.Services.GetRequiredService<LiveFlags>().Snapshot.Version;
        await StopAsync(saving);
        var best = double.MaxValue;
        for (var i = 0; i < 5; i++)
        {
            var begin = _time.GetTimestamp();
            var host = await StartAsync("Host=127.0.0.1;Port=1;Database=none;Username=none;Password=none", redis: null, folder, cancellationToken);
            best = Math.Min(best, _time.GetElapsedTime(begin).TotalMilliseconds);
            if (host.Services.GetRequiredService<LiveFlags>().Snapshot.Version != version)
            {
                throw new InvalidOperationException("The host did not start from the file.");
            }

            await StopAsync(host);
        }

        return best;
    }

    private static FlagEdit Flip(int i) => new(Author, document => document.With(new FlagDefinition { Name = "flag-0", Everyone = i % 2 == 0, Note = $"{i}" }));

    public static FlagDocument Document() => new()
    {
        Flags =
        [
            .. Enumerable.Range(0, Flags).Select(i => new FlagDefinition
            {
                Name = $"flag-{i}",
                Percent = 50,
                Users = [.. Enumerable.Range(0, Users).Select(user => $"user-{i}-{user}")],
            }),
        ],
    };

    private static async Task<IHost> StartAsync(string database, string? redis, string? folder, CancellationToken cancellationToken)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true, ApplicationName = "bench" });
        builder.Configuration.AddInMemoryCollection([
            new("Platform:FeatureFlags:SnapshotFolder", folder ?? ""),
            new("ConnectionStrings:redis", redis),
        ]);
        builder.Logging.ClearProviders();
        if (redis is not null)
        {
            builder.AddRedisClient("redis", configureOptions: options => options.AbortOnConnectFail = false);
        }

        builder.Services.AddDbContext<FlagsContext>(options => options.UseNpgsql(database));
        builder.Services.AddFlagStore<FlagsContext>();
        builder.AddFlags();
        var host = builder.Build();
        await host.StartAsync(cancellationToken);
        return host;
    }

    private static async Task StopAsync(IHost host)
    {
        await host.StopAsync();
        host.Dispose();
    }

    private static async Task PrepareAsync(string database, CancellationToken cancellationToken)
    {
        await using var context = new FlagsContext(new DbContextOptionsBuilder<FlagsContext>().UseNpgsql(database).Options);
        await context.Database.ExecuteSqlRawAsync(context.Database.GenerateCreateScript(), cancellationToken);
        await context.Database.ExecuteSqlRawAsync(FlagSchema.Up.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal), cancellationToken);
    }

    private sealed class FlagsContext(DbContextOptions<FlagsContext> options) : DbContext(options)
    {
        protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.ApplyFeatureFlags();
    }
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Platform.Budgets;
using Platform.EntityFrameworkCore.Budgets;
using Platform.Identifiers;
using Platform.Messaging.Jobs;
using Platform.Observability.Tests.Support;
using Platform.Testing;

namespace Platform.Observability.Tests.Budgets;

/// <summary>Replicas measure on their own and stand together before PostgreSQL.</summary>
public sealed class BudgetStoreTests(PostgresFixture postgres) : IAsyncLifetime
{
    private const string Route = "GET /api/v1/orders/";
    private static readonly DateTimeOffset Noon = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Noon);
    private TestDatabase _database = null!;
    private ServiceProvider _services = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IBudgetStore Store => _services.GetRequiredService<IBudgetStore>();

    public async ValueTask InitializeAsync()
    {
        _database = await postgres.CreateDatabaseAsync(ObservedDatabase.Template, Cancel);
        _services = new ServiceCollection()
            .AddSingleton<TimeProvider>(_time)
            .AddSingleton<Microsoft.Extensions.Configuration.IConfiguration>(new Microsoft.Extensions.Configuration.ConfigurationBuilder().Build())
            .AddObservedContext(_database.ConnectionString)
            .AddBudgetStore<ObservedContext>()
            .BuildServiceProvider();
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Percentiles_over_four_replicas_are_those_of_all_requests()
    {
        var replicas = Enumerable.Range(0, 4).Select(_ => new Replica(this)).ToArray();
        var values = new List<double>();
        var random = new Random(7);
        for (var i = 0; i < 4000; i++)
        {
            // One replica is slow: the mean of its p99 and the others' would be far off.
            var value = (i % 4 == 3 ? 500 : 5) * Math.Exp(random.NextDouble());
            values.Add(value);
            replicas[i % 4].Board.Meter(Route).Record(value, failed: i % 100 == 0);
        }

        await Task.WhenAll(replicas.Select(replica => replica.TurnAsync()));
        var reading = await Store.ReadAsync(Route, Noon.AddMinutes(-5), Noon.AddMinutes(1), Cancel);

        values.Sort();
        Assert.Equal((4000, 40), (reading.Requests, reading.Failed));
        Assert.InRange(reading.P50Ms / values[1999], 0.99, 1.01);
        Assert.InRange(reading.P95Ms / values[3799], 0.99, 1.01);
        Assert.InRange(reading.P99Ms / values[3959], 0.99, 1.01);
        Assert.Equal(0.01, reading.ErrorRate, 6);
        Assert.Equal(reading.Requests, (await Store.ReadAsync("/api/v1/orders/", Noon, Noon.AddMinutes(1), Cancel)).Requests);
        Assert.Equal(0, (await Store.ReadAsync("POST /api/v1/orders/", Noon, Noon.AddMinutes(1), Cancel)).Requests);
    }

    [Fact]
    public async Task Same_minute_written_again_and_again_counts_once()
    {
        var replica = new Replica(this);
        for (var i = 0; i < 12; i++)
        {
            replica.Board.Meter(Route).Record(10, false);
            await replica.TurnAsync();
            _time.Advance(TimeSpan.FromSeconds(10));
        }

        await replica.TurnAsync();
        Assert.Equal(12, (await Store.ReadAsync(Route, Noon.AddMinutes(-1), Noon.AddMinutes(5), Cancel)).Requests);
        Assert.Equal([7, 5], (await Store.SeriesAsync(Route, Noon.AddMinutes(-1), Noon.AddMinutes(5), Cancel)).Select(step => (int)step.Requests));
    }

    [Fact]
    public async Task Broken_bound_is_told_of_once_a_window_by_one_replica_with_the_trace_of_a_slow_request()
    {
        using var source = new System.Diagnostics.ActivitySource("budget-tests");
        using var listener = new System.Diagnostics.ActivityListener
        {
            ShouldListenTo = it => it == source,
            Sample = (ref _) => System.Diagnostics.ActivitySamplingResult.AllDataAndRecorded,
        };
        System.Diagnostics.ActivitySource.AddActivityListener(listener);
        var replicas = Enumerable.Range(0, 4).Select(_ => new Replica(this)).ToArray();
        var traces = new List<string>();
        for (var round = 0; round < 3; round++)
        {
            foreach (var replica in replicas)
            {
                for (var i = 0; i < 10; i++)
                {
                    using var request = source.StartActivity();
                    traces.Add(request!.TraceId.ToHexString());
                    replica.Board.Meter(Route).Record(2000, false);
                }
            }

            await Task.WhenAll(replicas.Select(replica => replica.TurnAsync()));
            _time.Advance(TimeSpan.FromSeconds(10));
        }

        var told = replicas.SelectMany(replica => replica.Log.Lines).Where(line => line.Message.Contains("over budget", StringComparison.Ordinal)).ToArray();
        Assert.Equal(2, told.Length);
        Assert.Contains(told, line => line.Message.Contains("p50", StringComparison.Ordinal));
        Assert.Contains(told, line => line.Message.Contains("p95", StringComparison.Ordinal));
        var kept = await Store.ViolationsAsync(Noon.AddHours(-1), 10, Cancel);
        Assert.Equal(["p50", "p95"], kept.Select(violation => violation.Percentile));
        Assert.All(kept, violation =>
        {
            Assert.Contains(violation.TraceId, traces);
            Assert.InRange(violation.MeasuredMs, 1990, 2010);
        });

        // Later windows tell again, of those that are slow then: all have a trace, though the tracer passed this one over.
        _time.Advance(TimeSpan.FromMinutes(10));
        await Task.WhenAll(replicas.Select(replica => replica.TurnAsync()));
        _time.Advance(TimeSpan.FromMinutes(5));
        await Task.WhenAll(replicas.Select(replica => replica.TurnAsync()));
        using var unsampled = new System.Diagnostics.Activity("request").SetIdFormat(System.Diagnostics.ActivityIdFormat.W3C).Start();
        for (var i = 0; i < 30; i++)
        {
            replicas[0].Board.Meter(Route).Record(i < 20 ? 2000 : 4000, false);
        }

        await Task.WhenAll(replicas.Select(replica => replica.TurnAsync()));
        var later = (await Store.ViolationsAsync(Noon.AddHours(-1), 10, Cancel)).Except(kept).ToArray();
        Assert.Equal(["p50", "p95", "p99"], later.Select(violation => violation.Percentile));
        Assert.All(later, violation => Assert.Equal(unsampled.TraceId.ToHexString(), violation.TraceId));
    }

    [Fact]
    public async Task Replica_tells_of_what_it_can_show_a_request_for()
    {
        // All together are over the bounds of p50 and p99, this one over that of p50 alone.
        var others = new QuantileSketch();
        others.Add(400, 90);
        others.Add(4000, 10);
        await Store.SaveAsync(Uuid7.Next(_time), Noon, [new(Route, 0, 10, others)], Cancel);
        var replica = new Replica(this);
        for (var i = 0; i < 100; i++)
        {
            replica.Board.Meter(Route).Record(400, false);
        }

        _time.Advance(TimeSpan.FromSeconds(10));
        await replica.TurnAsync();
        Assert.Equal(["p50"], (await Store.ViolationsAsync(Noon.AddHours(-1), 10, Cancel)).Select(violation => violation.Percentile));
    }

    [Fact]
    public async Task Replica_that_is_slow_alone_breaks_no_budget_of_all()
    {
        var (slow, busy) = (new Replica(this), new Replica(this));
        for (var i = 0; i < 10_000; i++)
        {
            busy.Board.Meter(Route).Record(5, false);
        }

        await busy.TurnAsync();
        for (var i = 0; i < 50; i++)
        {
            slow.Board.Meter(Route).Record(2000, false);
        }

        await slow.TurnAsync();
        Assert.Empty(await Store.ViolationsAsync(Noon.AddHours(-1), 10, Cancel));
    }

    [Fact]
    public async Task Too_few_requests_are_not_judged()
    {
        var replica = new Replica(this);
        for (var i = 0; i < 19; i++)
        {
            replica.Board.Meter(Route).Record(2000, false);
        }

        await replica.TurnAsync();
        Assert.Empty(await Store.ViolationsAsync(Noon.AddHours(-1), 10, Cancel));
    }

    [Fact]
    public async Task Change_reaches_other_replicas_and_leaves_who_when_and_why()
    {
        var replica = new Replica(this);
        Assert.True(await Store.SetLimitAsync(Route, new Budget(1, 2, 3, 0.999), "ada", "a faster index", Cancel));
        Assert.False(await Store.SetLimitAsync(Route, new Budget(1, 2, 3, 0.999), "ada", "again", Cancel));
        await replica.TurnAsync();
        Assert.Equal((new Budget(1, 2, 3, 0.999), BudgetSource.Operator), replica.Board.Rules.For(Route));

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await Store.SetLimitAsync(Route, null, "bob", "back", Cancel));
        Assert.False(await Store.SetLimitAsync(Route, null, "bob", "back", Cancel));
        await replica.TurnAsync();
        Assert.Equal(BudgetSource.Default, replica.Board.Rules.For(Route).Source);

        var changes = await Store.ChangesAsync(10, Cancel);
        Assert.Equal([("bob", "back"), ("ada", "a faster index")], changes.Select(change => (change.Actor, change.Reason)));
        Assert.Equal(new Budget(1, 2, 3, 0.999), changes[0].Before);
        Assert.Null(changes[0].After);
        Assert.Equal(Noon, changes[1].At);
    }

    [Fact]
    public async Task Roll_up_changes_no_count_and_no_percentile_and_forgets_after_thirty_days()
    {
        var replica = Uuid7.Next(_time);
        foreach (var (age, count) in new[] { (31.0 * 24, 1000), (5 * 24, 50), (4 * 24, 40), (10, 30), (7, 20), (1, 10) })
        {
            var minute = Noon.AddHours(-age);
            await Store.SaveAsync(replica, minute, [Slice(count)], Cancel);
            await Store.SaveAsync(Uuid7.Next(_time), minute.AddMinutes(3), [Slice(count)], Cancel);
        }

        var before = await Store.ReadAsync(Route, Noon.AddDays(-30), Noon, Cancel);
        var job = _services.GetRequiredService<BudgetRollUp>();
        await job.RunAsync(new JobLease("roll-up", 1), Cancel);
        await job.RunAsync(new JobLease("roll-up", 2), Cancel);

        var after = await Store.ReadAsync(Route, Noon.AddDays(-30), Noon, Cancel);
        Assert.Equal((300, 300), (before.Requests, after.Requests));
        Assert.Equal((before.P50Ms, before.P99Ms, before.Slow, before.Failed), (after.P50Ms, after.P99Ms, after.Slow, after.Failed));
        Assert.Equal(
            [(1, 2), (10, 2), (60, 2)],
            await RowsAsync("SELECT minutes::int, count(*)::int FROM platform.core_budget_slice GROUP BY 1 ORDER BY 1"));

        RouteSlice Slice(int count)
        {
            var latency = new QuantileSketch();
            for (var i = 1; i <= count; i++)
            {
                latency.Add(i);
            }

            return new(Route, 1, 2, latency);
        }
    }

    [Fact]
    public async Task Burn_rates_are_reckoned_over_their_windows()
    {
        var latency = new QuantileSketch();
        latency.Add(10, 1000);
        await Store.SaveAsync(Uuid7.Next(_time), Noon.AddMinutes(-3), [new(Route, 100, 60, latency)], Cancel);
        await Store.SaveAsync(Uuid7.Next(_time), Noon.AddHours(-5), [new(Route, 0, 0, latency)], Cancel);

        var report = Assert.Single(await _services.GetRequiredService<BudgetReports>().ReadAsync(null, Cancel));
        Assert.Equal(16, report.BurnRates[TimeSpan.FromMinutes(5)], 3);
        Assert.Equal(16, report.BurnRates[TimeSpan.FromHours(1)], 3);
        Assert.Equal(8, report.BurnRates[TimeSpan.FromHours(6)], 3);
        Assert.Equal(["page-1h", "page-6h", "ticket-3d"], report.Alerts.Select(alert => alert.Name));
        Assert.True(report.IsBroken);
        Assert.Equal(-7, report.ErrorBudgetLeft, 3);
    }

    [Fact]
    public async Task Outage_of_the_database_is_made_up_for()
    {
        var replica = new Replica(this);
        await ExecuteAsync("ALTER TABLE platform.core_budget_slice RENAME TO away");
        for (var i = 0; i < 3; i++)
        {
            replica.Board.Meter(Route).Record(2000, true);
            await replica.TurnAsync();
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Single(replica.Log.Lines, line => line.Message.Contains("away", StringComparison.Ordinal));
        await ExecuteAsync("ALTER TABLE platform.away RENAME TO core_budget_slice");
        await replica.TurnAsync();
        Assert.Equal([2, 1], (await Store.SeriesAsync(Route, Noon.AddMinutes(-1), Noon.AddMinutes(10), Cancel)).Select(step => (int)step.Requests));
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = await _database.OpenConnectionAsync(Cancel);
        await using var command = new Npgsql.NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancel);
    }

    private async Task<List<(int, int)>> RowsAsync(string sql)
    {
        await using var connection = await _database.OpenConnectionAsync(Cancel);
        await using var command = new Npgsql.NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        var rows = new List<(int, int)>();
        while (await reader.ReadAsync(Cancel))
        {
            rows.Add((reader.GetInt32(0), reader.GetInt32(1)));
        }

        return rows;
    }

    private sealed class Replica
    {
        private readonly BudgetRound _round;

        public Replica(BudgetStoreTests test)
        {
            var options = Options.Create(new BudgetOptions());
            Board = new BudgetBoard(options, test._time);
            _round = new BudgetRound(Board, options, test._time, new LoggerFactory([Log]).CreateLogger<BudgetRound>(), test.Store);
        }

        public BudgetBoard Board { get; }

        public LogList Log { get; } = new();

        public Task TurnAsync() => _round.RunAsync(Cancel);
    }
}

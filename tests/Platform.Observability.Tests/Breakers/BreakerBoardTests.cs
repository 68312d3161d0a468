using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Platform.EntityFrameworkCore.Resilience;
using Platform.Observability.Tests.Support;
using Platform.Resilience;
using Platform.Testing;

namespace Platform.Observability.Tests.Breakers;

/// <summary>Replicas decide by themselves, and see and obey together.</summary>
public sealed class BreakerBoardTests(PostgresFixture postgres) : IAsyncLifetime
{
    private const string Name = "payment_gateway";

    private TestDatabase _database = null!;
    private Replica[] _replicas = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await postgres.CreateDatabaseAsync(ObservedDatabase.Template, Cancel);
        _replicas = [new(_database.ConnectionString), new(_database.ConnectionString)];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in _replicas)
        {
            await replica.DisposeAsync();
        }

        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Breaker_that_opens_warns_the_others_which_still_decide_by_themselves()
    {
        var (here, there) = (_replicas[0], _replicas[1]);
        await there.SyncAsync();
        await here.OpenAsync();
        await here.SyncAsync();
        await there.SyncAsync();

        Assert.Equal(CircuitState.Closed, there.Breaker.Snapshot.State);
        Assert.Contains(there.Log.Lines, line => line.Message.Contains("is open in", StringComparison.Ordinal));
        await Assert.ThrowsAsync<InvalidOperationException>(there.FailAsync);
        await Assert.ThrowsAsync<CircuitBreakerOpenException>(there.FailAsync);

        await there.SyncAsync();
        var shown = (await there.Board.ReadAsync(Cancel)).Replicas;
        Assert.Equal(2, shown.Count(replica => replica.Breaker is { Name: Name, State: CircuitState.Open, Opened: not null }));
    }

    [Fact]
    public async Task Order_reaches_every_replica_also_one_that_starts_later_and_stays_on_record()
    {
        await CommandAsync("open");
        foreach (var replica in _replicas)
        {
            await replica.SyncAsync();
            Assert.Equal((CircuitState.Open, CircuitOrder.Open), (replica.Breaker.Snapshot.State, replica.Breaker.Snapshot.Order));
        }

        await using var late = new Replica(_database.ConnectionString);
        await late.SyncAsync();
        Assert.Equal(CircuitState.Open, late.Breaker.Snapshot.State);

        await CommandAsync("close");
        await late.SyncAsync();
        Assert.Equal((CircuitState.Closed, CircuitOrder.Close), (late.Breaker.Snapshot.State, late.Breaker.Snapshot.Order));
        await CommandAsync("reset");
        await late.SyncAsync();
        Assert.Equal(CircuitOrder.None, late.Breaker.Snapshot.Order);

        // A reset while there is no order closes one that opened by itself.
        await late.OpenAsync();
        await CommandAsync("reset");
        await late.SyncAsync();
        Assert.Equal(CircuitState.Closed, late.Breaker.Snapshot.State);

        Assert.Equal(["reset", "reset", "close", "open"], (await late.Board.CommandsAsync(10, Cancel)).Select(command => command.Verb));
    }

    [Fact]
    public async Task Options_set_at_run_time_hold_in_every_replica_until_taken_back()
    {
        var replica = _replicas[0];
        await CommandAsync("configure", new CircuitBreakerOptions { ConsecutiveFailures = 1, BreakDuration = TimeSpan.FromSeconds(7) });
        await replica.SyncAsync();
        var opened = await Assert.ThrowsAsync<CircuitBreakerOpenException>(replica.FailAsync);
        Assert.Equal(7, opened.RetryAfter.TotalSeconds, 1.0);
        await CommandAsync("unconfigure");
        await replica.SyncAsync();
        Assert.Equal(5, replica.Breaker.Options.ConsecutiveFailures);
    }

    [Fact]
    public async Task Without_the_board_each_goes_on_alone()
    {
        var replica = _replicas[0];
        await using (var connection = await _database.OpenConnectionAsync(Cancel))
        await using (var command = new Npgsql.NpgsqlCommand("DROP TABLE platform.core_breaker_order", connection))
        {
            await command.ExecuteNonQueryAsync(Cancel);
        }

        await replica.SyncAsync();
        await replica.SyncAsync();
        await replica.OpenAsync();
        Assert.Single(replica.Log.Lines, line => line.Message.Contains("each goes on alone", StringComparison.Ordinal));
    }

    private Task CommandAsync(string verb, CircuitBreakerOptions? options = null) =>
        _replicas[0].Board.CommandAsync(new(Name, verb, options, "ada", "because", TimeProvider.System.GetUtcNow()), Cancel);

    private sealed class Replica : IAsyncDisposable
    {
        private readonly ServiceProvider _services;

        public Replica(string connectionString) => _services = new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(Log))
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().Build())
            .AddObservedContext(connectionString)
            .AddBreakerBoard<ObservedContext>()
            .BuildServiceProvider();

        public LogList Log { get; } = new();

        public IBreakerBoard Board => _services.GetRequiredService<IBreakerBoard>();

        public CircuitBreaker Breaker => _services.GetRequiredService<CircuitBreakers>().Get(Name);

        public Task SyncAsync()
        {
            _ = Breaker;
            return _services.GetRequiredService<BreakerSync>().RunAsync("tests", Cancel);
        }

        public Task<int> FailAsync() => Breaker.ExecuteAsync<int>(_ => throw new InvalidOperationException(), cancellationToken: Cancel);

        public async Task OpenAsync()
        {
            while (Breaker.Snapshot.State is not CircuitState.Open)
            {
                await Assert.ThrowsAnyAsync<Exception>(FailAsync);
            }
        }

        public ValueTask DisposeAsync() => _services.DisposeAsync();
    }
}

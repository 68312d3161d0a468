using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Platform.EntityFrameworkCore.Logging;
using Platform.Logging;
using Platform.Observability.Tests.Support;
using Platform.Testing;

namespace Platform.Observability.Tests.Logging;

/// <summary>Levels that operators set: in every replica, before the configuration, until they are over.</summary>
public sealed class LogLevelTests(PostgresFixture postgres)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Level_holds_in_every_replica_and_ends_by_itself()
    {
        await using var database = await postgres.CreateDatabaseAsync(ObservedDatabase.Template, Cancel);
        await using var first = await ReplicaAsync(database);
        await using var second = await ReplicaAsync(database);
        var loggers = new[] { first, second }.Select(host => host.Get<ILoggerFactory>().CreateLogger("Shop.Orders.Placing")).ToArray();
        Assert.All(loggers, logger => Assert.False(logger.IsEnabled(LogLevel.Debug)));

        var now = TimeProvider.System.GetUtcNow();
        await first.Get<ILogLevelStore>().SetAsync(new("Shop.Orders", LogLevel.Debug, now.AddMinutes(1), "ada", "a case", now), Cancel);
        await Eventually.BecomesTrueAsync(() => loggers.All(logger => logger.IsEnabled(LogLevel.Debug)));
        Assert.False(second.Get<ILoggerFactory>().CreateLogger("Shop.Stock").IsEnabled(LogLevel.Debug));

        // Past its end: shortened, rather than that the test waits a minute.
        await first.Get<ILogLevelStore>().SetAsync(new("Shop.Orders", LogLevel.Debug, now.AddSeconds(-1), "ada", "a case", now), Cancel);
        await Eventually.BecomesTrueAsync(() => loggers.All(logger => !logger.IsEnabled(LogLevel.Debug)));
        Assert.False(await first.Get<ILogLevelStore>().UnsetAsync("Shop.Orders", Cancel));
    }

    [Fact]
    public async Task Operator_goes_before_the_configuration_however_particular_that_is()
    {
        await using var host = await TestHost.StartAsync(
            settings: [("Logging:LogLevel:Shop.Orders.Placing", "Error"), ("Logging:LogLevel:Shop.Stock", "Error"), ("Logging:Capture:LogLevel:Shop", "Critical")],
            configure: builder => builder.Logging.AddProvider(new Platform.Testing.Xunit.LogCapture()));
        var (levels, factory) = (host.Get<LogLevels>(), host.Get<ILoggerFactory>());
        var (placing, stock, other) = (factory.CreateLogger("Shop.Orders.Placing"), factory.CreateLogger("Shop.Stock"), factory.CreateLogger("Else"));
        Assert.False(placing.IsEnabled(LogLevel.Error));

        var now = TimeProvider.System.GetUtcNow();
        levels.Take([Rule("Shop.Orders", LogLevel.Trace), Rule("Default", LogLevel.Warning), Rule("Shop.Orders.Placing.Deep", LogLevel.None)]);
        Assert.True(placing.IsEnabled(LogLevel.Trace));
        Assert.False(factory.CreateLogger("Shop.Orders.Placing.Deep").IsEnabled(LogLevel.Critical));
        Assert.False(stock.IsEnabled(LogLevel.Error));
        Assert.True(stock.IsEnabled(LogLevel.Critical));
        Assert.False(other.IsEnabled(LogLevel.Information));
        Assert.True(other.IsEnabled(LogLevel.Warning));

        levels.Take([]);
        Assert.False(placing.IsEnabled(LogLevel.Error));
        Assert.True(other.IsEnabled(LogLevel.Information));

        LogLevelRule Rule(string category, LogLevel level) => new(category, level, now.AddMinutes(5), "ada", "a case", now);
    }

    [Fact]
    public void Level_ends_without_the_database()
    {
        var time = new FakeTimeProvider();
        var levels = new LogLevels(time);
        var changes = 0;
        levels.Changed += () => changes++;
        levels.Take([new("A", LogLevel.Debug, time.GetUtcNow().AddMinutes(1), "ada", "a case", time.GetUtcNow())]);
        levels.Expire();
        Assert.Equal((1, 1), (levels.Current.Count, changes));

        time.Advance(TimeSpan.FromMinutes(1));
        levels.Expire();
        Assert.Equal((0, 2), (levels.Current.Count, changes));
    }

    private static Task<TestHost> ReplicaAsync(TestDatabase database) => TestHost.StartAsync(builder =>
    {
        builder.Services.AddObservedContext(database.ConnectionString).AddLogLevelStore<ObservedContext>();
        builder.Logging.AddProvider(new Platform.Testing.Xunit.LogCapture());
    });
}

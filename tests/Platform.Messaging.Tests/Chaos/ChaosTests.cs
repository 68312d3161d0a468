using Npgsql;
using Platform.Embedded.Folders;
using Platform.Messaging.Tests.Support;
using Platform.Testing;

namespace Platform.Messaging.Tests.Chaos;

public sealed class PostgresChaosTests : ChaosContract
{
    [Fact]
    public async Task Event_that_takes_the_process_down_each_time_is_parked_and_the_others_are_handled()
    {
        using var folder = ThrowawayFolder.Create();
        await using var server = await StartAsync(Path.Combine(folder.Path, "postgres"), null);
        var connectionString = server.ConnectionStringFor("postgres");
        await PrepareAsync(connectionString);
        await using (var sender = await ShopHost.StartAsync(connectionString))
        {
            await sender.PublishAsync([
                .. Enumerable.Range(1, 20).Select(n => new Ticked($"clock {n}", 1)),
                new Ticked("deadly", 1),
                .. Enumerable.Range(1, 20).Select(n => new Ticked($"clock {n}", 2))]);
        }

        var starts = 0;
        for (; starts < 15 && await ScalarAsync<long>(connectionString, "SELECT count(*) FROM platform.core_dead_letter") == 0; starts++)
        {
            await using var victim = await Victim.StartAsync("consume", connectionString);
            await Eventually.BecomesTrueAsync(
                async () => victim.HasExited || await ScalarAsync<long>(connectionString, "SELECT count(*) FROM platform.core_dead_letter") == 1, TimeSpan.FromSeconds(30));
        }

        await using var survivor = await Victim.StartAsync("consume", connectionString);
        await Eventually.BecomesTrueAsync(async () => await ScalarAsync<long>(connectionString, "SELECT count(*) FROM effects") == 40, TimeSpan.FromSeconds(30));
        Assert.False(survivor.HasExited);
        Assert.Equal("crashed|deadly", await ScalarAsync<string>(connectionString, "SELECT concat_ws('|', reason, aggregate_id) FROM platform.core_dead_letter"));
        Assert.InRange(starts, 2, 10);
        NpgsqlConnection.ClearAllPools();
        await server.CrashAsync();
    }

    private protected override Task<ChaosBroker> StartBrokerAsync() => Task.FromResult(ChaosBroker.None);
}

public sealed class RedisChaosTests : ChaosContract
{
    private protected override Task<ChaosBroker> StartBrokerAsync() => ChaosBroker.StartRedisAsync();
}

[Collection("RabbitMQ")]
public sealed class RabbitChaosTests(RabbitFixture rabbit) : ChaosContract
{
    private protected override Task<ChaosBroker> StartBrokerAsync() => ChaosBroker.StartRabbitAsync(rabbit);
}

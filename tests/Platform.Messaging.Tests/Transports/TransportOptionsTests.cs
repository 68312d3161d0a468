using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Platform.Messaging.Tests.Support;
using Platform.Testing;

namespace Platform.Messaging.Tests.Transports;

public sealed class TransportOptionsTests(PostgresFixture postgres)
{
    [Theory]
    [InlineData("Transport", "7", "Transport")]
    [InlineData("Source", "", "Source")]
    [InlineData("RedisStreams:MaxLength", "1", "MaxLength")]
    [InlineData("RedisStreams:ConnectionString", "localhost,pasword=secret", "ConnectionString")]
    [InlineData("RabbitMq:ConnectionString", "http://localhost", "ConnectionString")]
    [InlineData("RabbitMq:Heartbeat", "00:00:00", "Heartbeat")]
    public async Task Host_with_a_wrong_option_does_not_start_and_says_which(string name, string value, string said)
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);

        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(database, name, value, withBrokers: true));

        Assert.Contains(said, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Host_that_was_not_given_the_broker_does_not_start_and_says_how()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(database, "Transport", "RabbitMq", withBrokers: false));

        Assert.Contains("AddRabbitMq()", failure.Message, StringComparison.Ordinal);
    }

    private static async Task StartAsync(TestDatabase database, string name, string value, bool withBrokers)
    {
        await using var host = await ShopHost.StartAsync(
            database.ConnectionString,
            services => services.AddSubscription("record", s => s.Handle<Ticked, RecordTick>()),
            host: builder =>
            {
                builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { [$"Platform:Messaging:{name}"] = value });
                if (withBrokers)
                {
                    builder.AddRedisStreams();
                    builder.AddRabbitMq();
                }
            });
    }
}

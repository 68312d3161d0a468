using Platform.Client;
using Platform.Testing;

namespace Platform.EndToEnd.Tests;

/// <summary>The same order, with RabbitMQ between outbox and handlers: nothing but the configuration differs.</summary>
public sealed class BrokerTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Order_is_paid_and_refunded_with_its_events_going_over_rabbitmq()
    {
        await using var rabbit = await RabbitServer.StartAsync();
        await using var platform = new RunningPlatform(new Dictionary<string, string>
        {
            ["Platform__Messaging__Transport"] = "RabbitMq",
            ["ConnectionStrings__rabbitmq"] = rabbit.ConnectionString(),
        });
        await platform.InitializeAsync();
        using var api = await platform.ClientAsync();
        var order = await api.PlaceOrderAsync(await api.FirstIdAsync("customers"), await api.FirstIdAsync("products"));
        await Eventually.BecomesTrueAsync(async () => await api.StatusAsync(order) == "paid", Limit);

        await new PlatformClient(api).Orders.CancelOrderAsync(Guid.Parse(order), cancellationToken: TestContext.Current.CancellationToken);
        await Eventually.BecomesTrueAsync(async () => await platform.ChargesAsync(order) is [("refunded", _)], Limit);

        // Only the relay read the log.
        Assert.Equal("relay", await platform.ScalarAsync(
            "SELECT string_agg(DISTINCT subscription, ',') FROM platform.core_subscription_lane WHERE reads_log = $1::boolean", "true"));
    }
}

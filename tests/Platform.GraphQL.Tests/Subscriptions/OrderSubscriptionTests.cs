using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Platform.GraphQL.Tests.Hosting;
using Platform.GraphQL.Tests.PersistedDocuments;
using Platform.Identity;
using Platform.Testing;
using Platform.TokenBinding;

namespace Platform.GraphQL.Tests.Subscriptions;

/// <summary>Subscriptions of the service itself, over its outbox.</summary>
public sealed class OrderSubscriptionTests(PlatformHost host, PostgresFixture postgres) : IClassFixture<PlatformHost>
{
    private const string Changes = "subscription ($id: ID) { orderChanged(orderId: $id) { kind orderId order { id status } } }";

    [Fact]
    public async Task Whatever_happens_to_an_order_is_told_at_every_replica_in_order()
    {
        await using var other = await Replica.StartAsync(postgres, sameAs: host);
        await using var here = await TestSocket.OpenAsync(host.Url, host.Token());
        await using var there = await TestSocket.OpenAsync(other.Url, other.Token());
        var id = await PlaceAsync();
        foreach (var socket in new[] { here, there })
        {
            await SubscribeAsync(socket, id);
        }

        // Until both are known to listen, whose first event may be any of these.
        await UpdateUntilHeardAsync(id, here, there);
        await host.AskAsync("mutation ($id: ID!) { cancelOrder(input: { orderId: $id }) { userErrors { code } } }", new { id });

        foreach (var socket in new[] { here, there })
        {
            var last = await ReceiveUntilAsync(socket, "CANCELLED");
            Assert.Equal((id, "CANCELLED"), (last.GetProperty("orderId").GetString(), last.GetProperty("order").GetProperty("status").GetString()));
        }
    }

    [Fact]
    public async Task Subscriber_goes_on_behind_the_last_event_it_has_at_another_replica()
    {
        await using var other = await Replica.StartAsync(postgres, sameAs: host);
        var id = await PlaceAsync();
        string eventId;
        await using (var first = await TestSocket.OpenAsync(host.Url, host.Token()))
        {
            await SubscribeAsync(first, id);
            eventId = await UpdateUntilHeardAsync(id, first);
        }

        await UpdateAsync(id, "missed 1");
        await UpdateAsync(id, "missed 2");
        await using var second = await TestSocket.OpenAsync(other.Url, other.Token());
        await second.SendAsync(new { id = "1", type = "subscribe", payload = new { query = Changes, variables = new { id }, extensions = new { lastEventId = eventId } } });

        var (one, two) = (await second.ReceiveAsync(), await second.ReceiveAsync());
        Assert.All([one, two], message => Assert.Equal("UPDATED", Event(message).GetProperty("kind").GetString()));
        await host.AskAsync("mutation ($id: ID!) { cancelOrder(input: { orderId: $id }) { userErrors { code } } }", new { id });
        Assert.Equal("CANCELLED", Event(await second.ReceiveAsync()).GetProperty("kind").GetString());
    }

    [Theory]
    [InlineData("999999999")]
    [InlineData("nonsense")]
    public async Task What_is_not_kept_cannot_be_gone_on_from(string lastEventId)
    {
        await using var socket = await TestSocket.OpenAsync(host.Url, host.Token());

        await socket.SendAsync(new { id = "1", type = "subscribe", payload = new { query = Changes, extensions = new { lastEventId } } });

        var message = await socket.ReceiveAsync();
        Assert.Equal("RESOURCE_GONE", message.GetProperty("payload").GetProperty("errors")[0].GetProperty("extensions").GetProperty("code").GetString());
        Assert.Equal("complete", (await socket.ReceiveAsync()).GetProperty("type").GetString());
    }

    [Fact]
    public async Task Placed_orders_are_told_to_those_of_their_customer()
    {
        var customers = await host.FirstIdsAsync("customers", 2);
        await using var socket = await TestSocket.OpenAsync(host.Url, host.Token());
        await socket.SubscribeAsync("1", $"subscription {{ orderPlaced(customerId: \"{customers[0]}\") {{ kind order {{ customer {{ id }} }} }} }}");

        string? customer = null;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var heard = socket.ReceiveAsync();
        while (!heard.IsCompleted && !limit.IsCancellationRequested)
        {
            await PlaceAsync(customers[1]);
            await PlaceAsync(customers[0]);
            await Task.WhenAny(heard, Task.Delay(200, TestContext.Current.CancellationToken));
        }

        customer = (await heard).GetProperty("payload").GetProperty("data").GetProperty("orderPlaced").GetProperty("order").GetProperty("customer").GetProperty("id").GetString();
        Assert.Equal(customers[0], customer);
    }

    [Fact]
    public async Task Connection_ends_with_its_token()
    {
        // The clock skew that is allowed at the beginning is not added at the end.
        await using var socket = await TestSocket.ConnectAsync(host.Url);

        await socket.SendAsync(new { type = "connection_init", payload = new { authorization = host.Issuer.Token(ApiScopes.OrdersRead, TimeSpan.FromSeconds(2)) } });

        Assert.Equal((4403, "The token has expired"), await socket.ClosedAsync());
    }

    [Fact]
    public async Task Connections_end_when_their_token_is_revoked()
    {
        var id = Guid.CreateVersion7().ToString("N");
        var token = host.Issuer.Token(ApiScopes.OrdersRead, id: id);
        await using var socket = await TestSocket.OpenAsync(host.Url, token);
        await using var other = await TestSocket.OpenAsync(host.Url, host.Token());
        await socket.SubscribeAsync("1", "subscription { orderPlaced { kind } }");
        using var request = new HttpRequestMessage(HttpMethod.Post, host.Url) { Content = JsonContent.Create(new { query = "subscription { orderPlaced { kind } }" }) };
        request.Headers.Authorization = new("Bearer", token);
        request.Headers.Accept.ParseAdd("text/event-stream");
        using var stream = await host.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);

        await host.Services.GetRequiredService<IRevocations>().RevokeAsync(
            id, TimeProvider.System.GetUtcNow().AddMinutes(5), "a test", TestContext.Current.CancellationToken);

        Assert.Equal((4403, "The token was revoked"), await socket.ClosedAsync());
        var told = await stream.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("The token was revoked.", told, StringComparison.Ordinal);
        Assert.Contains("UNAUTHORIZED", told, StringComparison.Ordinal);
        Assert.Contains("event: complete", told, StringComparison.Ordinal);

        // Other tokens of the same caller are left alone.
        await other.SendAsync(new { type = "ping" });
        Assert.Equal("pong", (await other.ReceiveAsync()).GetProperty("type").GetString());
    }

    [Fact]
    public async Task Subscription_asks_for_its_scope()
    {
        await using var socket = await TestSocket.OpenAsync(host.Url, host.Token(ApiScopes.CatalogRead));

        await socket.SubscribeAsync("1", "subscription { orderPlaced { kind } }");
        var refused = await socket.ReceiveAsync();

        Assert.Equal("error", refused.GetProperty("type").GetString());
        Assert.Equal("FORBIDDEN", refused.GetProperty("payload")[0].GetProperty("extensions").GetProperty("code").GetString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("nonsense")]
    public async Task Socket_without_a_valid_token_is_closed_before_anything_runs(string? token)
    {
        await using var socket = await TestSocket.ConnectAsync(host.Url);

        await socket.SendAsync(new { type = "connection_init", payload = new { authorization = token } });

        Assert.Equal(4403, (await socket.ClosedAsync()).Code);
    }

    [Fact]
    public async Task Token_of_the_handshake_is_enough()
    {
        await using var socket = await TestSocket.ConnectAsync(host.Url, configure: options => options.SetRequestHeader("Authorization", $"Bearer {host.Token()}"));

        await socket.SendAsync("""{"type":"connection_init"}""");

        Assert.Equal("connection_ack", (await socket.ReceiveAsync()).GetProperty("type").GetString());
    }

    [Fact]
    public async Task Subscription_without_a_stream_is_told_how_to_ask()
    {
        var answer = await host.AskAsync("subscription { orderPlaced { kind } }");

        Assert.Equal((HttpStatusCode.BadRequest, "INVALID_INPUT"), (answer.Status, answer.Code));
        Assert.Contains("text/event-stream", answer.Message, StringComparison.Ordinal);
    }

    private static JsonElement Event(JsonElement message) => message.GetProperty("payload").GetProperty("data").GetProperty("orderChanged");

    private static Task SubscribeAsync(TestSocket socket, string orderId) =>
        socket.SendAsync(new { id = "1", type = "subscribe", payload = new { query = Changes, variables = new { id = orderId } } });

    // Changes the order until every socket has heard of it; returns the id of the last event that the first one has taken.
    private async Task<string> UpdateUntilHeardAsync(string id, params TestSocket[] sockets)
    {
        var eventId = "";
        foreach (var socket in sockets)
        {
            var heard = socket.ReceiveAsync();
            for (var i = 0; !heard.IsCompleted && i < 50; i++)
            {
                await UpdateAsync(id, $"change {i}");
                await Task.WhenAny(heard, Task.Delay(200, TestContext.Current.CancellationToken));
            }

            // What came meanwhile, up to the last change; perhaps from when the order was placed on.
            await UpdateAsync(id, $"last {socket.GetHashCode()}");
            var message = await heard;
            while (true)
            {
                eventId = message.GetProperty("payload").GetProperty("extensions").GetProperty("eventId").GetString()!;
                if (await socket.TryReceiveAsync(TimeSpan.FromMilliseconds(700)) is not { } next)
                {
                    break;
                }

                message = next;
            }
        }

        return eventId;
    }

    private static async Task<JsonElement> ReceiveUntilAsync(TestSocket socket, string kind)
    {
        while (true)
        {
            var found = Event(await socket.ReceiveAsync());
            if (found.GetProperty("kind").GetString() == kind)
            {
                return found;
            }
        }
    }

    private Task<GraphQLAnswer> UpdateAsync(string orderId, string reference) => host.AskAsync(
        "mutation ($input: UpdateOrderInput!) { updateOrder(input: $input) { userErrors { code } } }", new { input = new { orderId, reference } });

    private async Task<string> PlaceAsync(string? customer = null)
    {
        customer ??= (await host.FirstIdsAsync("customers", 1))[0];
        var product = (await host.FirstIdsAsync("products", 1))[0];
        var answer = await host.AskAsync(
            "mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { order { id } } }",
            new { input = new { customerId = customer, lines = new[] { new { productId = product, quantity = 1 } } } });
        return answer.Data.GetProperty("placeOrder").GetProperty("order").GetProperty("id").GetString()!;
    }
}

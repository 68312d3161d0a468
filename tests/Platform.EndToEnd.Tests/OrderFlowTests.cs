using System.Net.Http.Json;
using System.Text.Json;
using Platform.Client;
using Platform.Testing;

namespace Platform.EndToEnd.Tests;

/// <summary>An order goes through API, outbox, worker, gateway and back.</summary>
[Collection("one platform, and one test kills its worker")]
public sealed class OrderFlowTests(RunningPlatform platform)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Order_becomes_paid_and_graphql_shows_it_with_its_payment()
    {
        using var api = await platform.ClientAsync();
        var order = await api.PlaceOrderAsync(await api.FirstIdAsync("customers"), await api.FirstIdAsync("products"), quantity: 3);

        await Eventually.BecomesTrueAsync(async () => await api.StatusAsync(order) == "paid", Limit);

        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(platform.GraphQL, "api/graphql/"))
        {
            Content = JsonContent.Create(new
            {
                query = "query($id: ID!) { order(id: $id) { status total { amount } lines { quantity product { name } } payment { status amount { amount } } } }",
                variables = new { id = order },
            }),
        };
        request.Headers.Authorization = api.DefaultRequestHeaders.Authorization;
        using var response = await api.SendAsync(request, TestContext.Current.CancellationToken);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        using var answer = JsonDocument.Parse(body);
        Assert.False(answer.RootElement.TryGetProperty("errors", out _), body);
        var found = answer.RootElement.GetProperty("data").GetProperty("order");
        Assert.Equal(3, found.GetProperty("lines")[0].GetProperty("quantity").GetInt32());
        Assert.Equal(
            found.GetProperty("total").GetProperty("amount").ToString(),
            found.GetProperty("payment").GetProperty("amount").GetProperty("amount").ToString());
    }

    [Fact]
    public async Task Cancelled_order_gets_its_money_back()
    {
        using var api = await platform.ClientAsync();
        var order = await api.PlaceOrderAsync(await api.FirstIdAsync("customers"), await api.FirstIdAsync("products"));
        await Eventually.BecomesTrueAsync(async () => await api.StatusAsync(order) == "paid", Limit);

        await new PlatformClient(api).Orders.CancelOrderAsync(Guid.Parse(order), cancellationToken: TestContext.Current.CancellationToken);

        await Eventually.BecomesTrueAsync(async () => await platform.ChargesAsync(order) is [("refunded", _)], Limit);
        Assert.Equal("cancelled", await api.StatusAsync(order));
    }

    [Fact]
    public async Task Refund_that_the_gateway_makes_by_itself_reaches_the_payment_by_webhook()
    {
        using var api = await platform.ClientAsync();
        var order = await api.PlaceOrderAsync(await api.FirstIdAsync("customers"), await api.FirstIdAsync("products"));
        await Eventually.BecomesTrueAsync(async () => await api.StatusAsync(order) == "paid", Limit);
        var charge = Assert.Single(await platform.ChargesAsync(order)).Id;

        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(platform.Gateway, $"v1/charges/{charge}/refunds")) { Headers = { { "Idempotency-Key", $"complaint {order}" } } };
        using var refunded = await api.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.True(refunded.IsSuccessStatusCode);

        await Eventually.BecomesTrueAsync(
            async () => await platform.ScalarAsync("SELECT status FROM commerce.payments WHERE gateway_reference = $1", charge) == "refunded", Limit);
        Assert.Equal("1", await platform.ScalarAsync(
            "SELECT count(*)::text FROM platform.core_outbox_event WHERE event_type = 'payments.refunded.v1' AND payload->>'orderId' = $1", order));
    }
}

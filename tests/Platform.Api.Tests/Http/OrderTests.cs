using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Platform.Api.Tests.Support;
using Platform.Errors;
using Platform.FeatureFlags;

namespace Platform.Api.Tests.Http;

public sealed class OrderTests(ApiHost api) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task Placed_order_is_answered_whole_and_saved_with_its_event()
    {
        var events = await api.CountAsync("platform.core_outbox_event WHERE event_type = 'orders.placed.v1'");
        using var created = await api.Client.PostJsonAsync("/api/v1/orders", await api.Client.OrderBodyAsync(quantity: 3));
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);

        var order = await created.JsonAsync();
        Assert.Equal($"/api/v1/orders/{order["id"]}", created.Headers.Location!.ToString());
        Assert.Equal("placed", order["status"]!.GetValue<string>());
        var line = Assert.Single(order["lines"]!.AsArray())!;
        Assert.Equal(1, line["lineNumber"]!.GetValue<int>());
        Assert.Equal(3, line["quantity"]!.GetValue<int>());
        Assert.Equal(line["unitPrice"]!["amount"]!.GetValue<decimal>() * 3, order["total"]!["amount"]!.GetValue<decimal>());
        Assert.Equal("EUR", order["total"]!["currency"]!.GetValue<string>());

        Assert.Equal(order.ToJsonString(), (await api.Client.GetJsonAsync(created.Headers.Location.ToString())).ToJsonString());
        Assert.Equal(events + 1, await api.CountAsync("platform.core_outbox_event WHERE event_type = 'orders.placed.v1'"));
    }

    [Fact]
    public async Task Paid_order_is_shipped_once_and_cannot_be_cancelled_after_that()
    {
        var path = await AnyAsync("paid");
        using var shipped = await PostAsync($"{path}/ship");
        Assert.Equal("shipped", (await shipped.JsonAsync())["status"]!.GetValue<string>());

        using var again = await PostAsync($"{path}/ship");
        await again.AssertProblemAsync(ErrorCode.OperationNotAllowed);
        using var cancelled = await PostAsync($"{path}/cancel");
        await cancelled.AssertProblemAsync(ErrorCode.OperationNotAllowed);
        Assert.Equal("shipped", (await api.Client.GetJsonAsync(path))["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task Order_that_is_not_paid_is_not_shipped_and_may_be_cancelled()
    {
        using var created = await api.Client.PostJsonAsync("/api/v1/orders", await api.Client.OrderBodyAsync());
        var path = created.Headers.Location!.ToString();
        using var shipped = await PostAsync($"{path}/ship");
        await shipped.AssertProblemAsync(ErrorCode.OperationNotAllowed);

        using var cancelled = await PostAsync($"{path}/cancel");
        Assert.Equal("cancelled", (await cancelled.JsonAsync())["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task Reference_of_an_order_is_set_changed_and_removed()
    {
        using var created = await api.Client.PostJsonAsync("/api/v1/orders", await api.Client.OrderBodyAsync());
        var path = created.Headers.Location!.ToString();
        using var set = await api.Client.PutJsonAsync(path, """{ "reference": "PO-1" }""");
        Assert.Equal("PO-1", (await set.JsonAsync())["reference"]!.GetValue<string>());
        using var removed = await api.Client.PutJsonAsync(path, """{ "reference": null }""");
        Assert.Null((await removed.JsonAsync())["reference"]);
        using var tooLong = await api.Client.PutJsonAsync(path, $$"""{ "reference": "{{new string('x', 65)}}" }""");
        Assert.Equal(["/reference too_long"], (await tooLong.AssertProblemAsync(ErrorCode.ValidationError)).Fields());
    }

    [Theory]
    [InlineData("paid")]
    [InlineData("shipped")]
    [InlineData("cancelled")]
    public async Task List_is_narrowed_by_status(string status)
    {
        var items = (await api.Client.GetJsonAsync($"/api/v1/orders?status={status}&limit=50"))["items"]!.AsArray();
        Assert.NotEmpty(items);
        Assert.All(items, item => Assert.Equal(status, item!["status"]!.GetValue<string>()));
    }

    [Fact]
    public async Task List_is_narrowed_by_customer_and_status_together()
    {
        var customer = await api.Client.AnyIdAsync("/api/v1/customers");
        var items = (await api.Client.GetJsonAsync($"/api/v1/orders?customerId={customer}&status=shipped"))["items"]!.AsArray();
        Assert.NotEmpty(items);
        Assert.All(items, item => Assert.Equal((customer, "shipped"), (item!["customerId"]!.GetValue<string>(), item["status"]!.GetValue<string>())));
    }

    [Theory]
    [InlineData("status=lost", "/status invalid")]
    [InlineData("customerId=7", "/customerId invalid")]
    [InlineData("status=paid&status=placed", "/status invalid")]
    public async Task Filter_that_fits_nothing_is_refused_rather_than_ignored(string query, string field)
    {
        using var response = await api.Client.GetAsync($"/api/v1/orders?{query}", TestContext.Current.CancellationToken);
        Assert.Equal([field], (await response.AssertProblemAsync(ErrorCode.ValidationError)).Fields());
    }

    [Fact]
    public async Task Summary_is_behind_its_flag_and_adds_the_orders_up()
    {
        using var hidden = await api.Client.GetAsync("/api/v1/orders/summary", TestContext.Current.CancellationToken);
        await hidden.AssertProblemAsync(ErrorCode.ResourceNotFound);

        var flags = api.Services.GetRequiredService<LiveFlags>();
        flags.Publish(FlagSnapshot.Compile(
            new FlagDocument { Flags = [new FlagDefinition { Name = "order_summary", Authenticated = true }] }, version: long.MaxValue));
        var items = (await api.Client.GetJsonAsync("/api/v1/orders/summary"))["items"]!.AsArray();
        Assert.Contains("paid", items.Select(item => item!["status"]!.GetValue<string>()));
        Assert.Equal(await api.CountAsync("commerce.orders"), items.Sum(item => item!["count"]!.GetValue<int>()));
        Assert.All(items, item => Assert.True(item!["total"]!["amount"]!.GetValue<decimal>() > 0));
    }

    private async Task<string> AnyAsync(string status)
    {
        var orders = await api.Client.GetJsonAsync($"/api/v1/orders?status={status}&limit=1");
        return $"/api/v1/orders/{Assert.IsType<JsonArray>(orders["items"])[0]!["id"]}";
    }

    private Task<HttpResponseMessage> PostAsync(string path) => api.Client.PostAsync(path, null, TestContext.Current.CancellationToken);
}

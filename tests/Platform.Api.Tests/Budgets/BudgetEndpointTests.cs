using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Platform.Api.Tests.Support;
using Platform.Budgets;
using Platform.Errors;
using Platform.Identity;

namespace Platform.Api.Tests.Budgets;

public sealed class BudgetEndpointTests(ApiHost api) : IClassFixture<ApiHost>
{
    private const string Route = "GET /api/v1/products/";

    [Fact]
    public async Task Requests_show_up_against_their_budget()
    {
        for (var i = 0; i < 5; i++)
        {
            await api.Client.GetJsonAsync("/api/v1/products?limit=1");
        }

        await api.Services.GetRequiredService<BudgetRound>().RunAsync(TestContext.Current.CancellationToken);
        var budgets = await api.Client.GetJsonAsync("/api/v1/budgets?minutes=10");
        var products = budgets["items"]!.AsArray().Single(item => item!["route"]!.GetValue<string>() == Route)!;
        Assert.InRange(products["measured"]!["requests"]!.GetValue<long>(), 5, 1000);
        Assert.InRange(products["measured"]!["p99Ms"]!.GetValue<double>(), 0.01, 60_000);
        Assert.Equal(300, products["budget"]!["p50Ms"]!.GetValue<double>());
        Assert.Equal("default", products["source"]!.GetValue<string>());
        Assert.Equal([5, 30, 60, 360, 4320, 43200], products["burnRates"]!.AsArray().Select(rate => rate!["minutes"]!.GetValue<int>()));

        var history = await api.Client.GetJsonAsync($"/api/v1/budgets/history?route={Uri.EscapeDataString(Route)}");
        Assert.NotEmpty(history["items"]!.AsArray());
        Assert.Empty((await api.Client.GetJsonAsync("/api/v1/budgets/history?route=/none"))["items"]!.AsArray());
    }

    [Fact]
    public async Task Budget_is_set_taken_back_and_both_are_on_record()
    {
        const string Set = """{ "route": "GET /api/v1/products/", "p50Ms": 20, "p95Ms": 50, "p99Ms": 80, "objective": 0.999, "reason": "after the index" }""";
        using (var response = await api.Client.PutJsonAsync("/api/v1/budgets", Set))
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        var board = api.Services.GetRequiredService<BudgetBoard>();
        Assert.Equal((new Budget(20, 50, 80, 0.999), BudgetSource.Operator), board.Rules.For(Route));

        var path = $"/api/v1/budgets?route={Uri.EscapeDataString(Route)}&reason=back";
        using (var response = await api.Client.DeleteAsync(path, TestContext.Current.CancellationToken))
        {
            Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        }

        Assert.Equal(BudgetSource.Default, board.Rules.For(Route).Source);
        using (var again = await api.Client.DeleteAsync(path, TestContext.Current.CancellationToken))
        {
            await again.AssertProblemAsync(ErrorCode.ResourceNotFound);
        }

        var changes = (await api.Client.GetJsonAsync("/api/v1/budgets/changes"))["items"]!.AsArray();
        Assert.Equal(["back", "after the index"], changes.Select(change => change!["reason"]!.GetValue<string>()));
        Assert.All(changes, change => Assert.Equal("demo", change!["actor"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("""{ }""", "/route", "/reason", "/p50Ms", "/p95Ms", "/p99Ms")]
    [InlineData("""{ "route": "nowhere", "p50Ms": 1, "p95Ms": 2, "p99Ms": 3, "reason": "r" }""", "/route")]
    [InlineData("""{ "route": "/x", "p50Ms": 5, "p95Ms": 2, "p99Ms": 3, "reason": "r" }""", "/p99Ms")]
    [InlineData("""{ "route": "/x", "p50Ms": 1, "p95Ms": 2, "p99Ms": 3, "objective": 1, "reason": "r" }""", "/objective")]
    public async Task Budget_that_cannot_be_is_refused_with_every_field(string body, params string[] pointers)
    {
        using var response = await api.Client.PutJsonAsync("/api/v1/budgets", body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(pointers, (await response.JsonAsync())["errors"]!.AsArray().Select(error => error!["pointer"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("/api/v1/budgets?minutes=0")]
    [InlineData("/api/v1/budgets?minutes=99999999")]
    [InlineData("/api/v1/budgets/history?route=x")]
    public async Task Question_that_cannot_be_is_refused(string path)
    {
        using var response = await api.Client.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Only_operators_may()
    {
        using var client = await api.WithTokenAsync(ApiScopes.OrdersWrite, ApiScopes.CatalogWrite);
        using var response = await client.GetAsync("/api/v1/budgets", TestContext.Current.CancellationToken);
        await response.AssertProblemAsync(ErrorCode.Forbidden);
    }
}

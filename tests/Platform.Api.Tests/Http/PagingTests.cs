using Platform.Api.Tests.Support;
using Platform.Errors;

namespace Platform.Api.Tests.Http;

public sealed class PagingTests(ApiHost api) : IClassFixture<ApiHost>
{
    [Theory]
    [InlineData("/api/v1/customers", 3, 10)]
    [InlineData("/api/v1/products", 5, 25)]
    [InlineData("/api/v1/orders", 37, 200)]
    public async Task Pages_give_every_item_once_from_the_newest_to_the_oldest(string list, int limit, int expected)
    {
        var ids = new List<string>();
        string? cursor = null;
        do
        {
            var page = await api.Client.GetJsonAsync($"{list}?limit={limit}{(cursor is null ? "" : $"&cursor={cursor}")}");
            var items = page["items"]!.AsArray();
            Assert.InRange(items.Count, 1, limit);
            ids.AddRange(items.Select(item => item!["id"]!.GetValue<string>()));
            cursor = page["next"]?.GetValue<string>();
        }
        while (cursor is not null);

        Assert.Equal(expected, ids.Count);
        Assert.Equal(ids.Distinct().OrderDescending(StringComparer.Ordinal), ids);
    }

    [Fact]
    public async Task Item_that_is_added_between_two_pages_shifts_nothing()
    {
        var first = await api.Client.GetJsonAsync("/api/v1/orders?limit=10");
        using var created = await api.Client.PostJsonAsync("/api/v1/orders", await api.Client.OrderBodyAsync());
        var second = await api.Client.GetJsonAsync($"/api/v1/orders?limit=10&cursor={first["next"]}");
        Assert.Empty(Ids(first).Intersect(Ids(second)));
        Assert.DoesNotContain((await created.JsonAsync())["id"]!.GetValue<string>(), Ids(second));

        // Placed orders come before all others; taking it away again leaves the demo data to the other tests.
        using var cancelled = await api.Client.PostAsync($"{created.Headers.Location}/cancel", null, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Page_has_twenty_items_unless_asked_otherwise()
    {
        Assert.Equal(20, Ids(await api.Client.GetJsonAsync("/api/v1/orders")).Count());
        Assert.Equal(100, Ids(await api.Client.GetJsonAsync("/api/v1/orders?limit=100")).Count());
    }

    [Theory]
    [InlineData("limit=0", "/limit out_of_range")]
    [InlineData("limit=101", "/limit out_of_range")]
    [InlineData("limit=-1", "/limit out_of_range")]
    [InlineData("limit=ten", "/limit out_of_range")]
    [InlineData("limit=1e2", "/limit out_of_range")]
    [InlineData("limit=99999999999", "/limit out_of_range")]
    [InlineData("limit=", "/limit out_of_range")]
    [InlineData("cursor=abc", "/cursor invalid")]
    [InlineData("cursor=!!!!!!!!!!!!!!!!!!!!!!", "/cursor invalid")]
    [InlineData("limit=0&cursor=abc", "/limit out_of_range", "/cursor invalid")]
    public async Task Page_that_cannot_be_is_refused(string query, params string[] fields)
    {
        foreach (var list in (string[])["/api/v1/customers", "/api/v1/products", "/api/v1/orders"])
        {
            using var response = await api.Client.GetAsync($"{list}?{query}", TestContext.Current.CancellationToken);
            Assert.Equal(fields, (await response.AssertProblemAsync(ErrorCode.ValidationError)).Fields());
        }
    }

    private static IEnumerable<string> Ids(System.Text.Json.Nodes.JsonObject page) =>
        page["items"]!.AsArray().Select(item => item!["id"]!.GetValue<string>());
}

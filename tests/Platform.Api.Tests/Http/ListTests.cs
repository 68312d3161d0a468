using Platform.Api.Tests.Support;
using Platform.Errors;

namespace Platform.Api.Tests.Http;

/// <summary>Order, filter, links, and cursors that cannot be made up.</summary>
public sealed class ListTests(ApiHost api) : IClassFixture<ApiHost>
{
    [Theory]
    [InlineData("/api/v1/products", "name", 4)]
    [InlineData("/api/v1/products", "-name", 7)]
    [InlineData("/api/v1/customers", "name", 3)]
    [InlineData("/api/v1/customers", "createdAt", 3)]
    [InlineData("/api/v1/orders", "placedAt", 60)]
    public async Task Links_lead_through_the_list_in_its_order(string list, string sort, int limit)
    {
        var keys = new List<string>();
        var ids = new HashSet<string>();
        var next = $"{list}?sort={sort}&limit={limit}";
        while (next is not null)
        {
            using var response = await api.Client.GetAsync(next, TestContext.Current.CancellationToken);
            var page = await response.JsonAsync();
            var links = Assert.Single(response.Headers.GetValues("Link")).Split(", ").ToDictionary(link => link[(link.IndexOf("rel=", StringComparison.Ordinal) + 5)..^1], link => link[1..link.IndexOf('>', StringComparison.Ordinal)]);
            Assert.Equal($"{list}?sort={sort}&limit={limit}", links["first"]);
            next = links.GetValueOrDefault("next");
            Assert.Equal(page["next"] is null, next is null);
            foreach (var item in page["items"]!.AsArray())
            {
                Assert.True(ids.Add(item!["id"]!.GetValue<string>()));
                keys.Add(item[sort.EndsWith("name", StringComparison.Ordinal) ? "name" : "id"]!.GetValue<string>());
            }
        }

        Assert.Equal(await api.CountAsync($"commerce.{list.Split('/')[^1]}"), ids.Count);
        Assert.Equal(sort.StartsWith('-') ? keys.OrderDescending(StringComparer.Ordinal) : keys.Order(StringComparer.Ordinal), keys);
    }

    [Theory]
    [InlineData("/api/v1/orders?sort=total", "/sort invalid")]
    [InlineData("/api/v1/orders?sort=--placedAt", "/sort invalid")]
    [InlineData("/api/v1/orders?sort=", "/sort invalid")]
    [InlineData("/api/v1/orders?colour=red&limit=0", "/colour unknown", "/limit out_of_range")]
    [InlineData("/api/v1/products?active=maybe", "/active invalid")]
    [InlineData("/api/v1/customers?name=Ada", "/name unknown")]
    public async Task What_is_not_on_the_list_of_orders_and_filters_is_refused(string path, params string[] fields)
    {
        using var response = await api.Client.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(fields, (await response.AssertProblemAsync(ErrorCode.ValidationError)).Fields());
    }

    [Fact]
    public async Task Filters_narrow_the_list()
    {
        var product = (await api.Client.GetJsonAsync("/api/v1/products?limit=1"))["items"]![0]!;
        var found = (await api.Client.GetJsonAsync($"/api/v1/products?sku={product["sku"]}"))["items"]!.AsArray();
        Assert.Equal(product["id"]!.ToString(), Assert.Single(found)!["id"]!.ToString());
        Assert.Empty((await api.Client.GetJsonAsync($"/api/v1/products?sku={product["sku"]}&active=false"))["items"]!.AsArray());
        var customer = (await api.Client.GetJsonAsync("/api/v1/customers?limit=1"))["items"]![0]!;
        Assert.Single((await api.Client.GetJsonAsync($"/api/v1/customers?email={customer["email"]!.ToString().ToUpperInvariant()}"))["items"]!.AsArray());
    }

    [Fact]
    public async Task Cursor_is_good_for_its_own_list_filter_and_order_only_and_cannot_be_changed()
    {
        var cursor = (await api.Client.GetJsonAsync("/api/v1/orders?status=paid&limit=2"))["next"]!.GetValue<string>();
        var changed = cursor[..^1] + (cursor[^1] == 'A' ? 'B' : 'A');
        foreach (var path in (string[])
        [
            $"/api/v1/orders?cursor={cursor}", $"/api/v1/orders?status=placed&cursor={cursor}", $"/api/v1/orders?status=paid&sort=placedAt&cursor={cursor}",
            $"/api/v1/products?cursor={cursor}", $"/api/v1/orders?status=paid&cursor={changed}", $"/api/v1/orders?status=paid&cursor={cursor[16..]}",
        ])
        {
            using var response = await api.Client.GetAsync(path, TestContext.Current.CancellationToken);
            Assert.Equal(["/cursor invalid"], (await response.AssertProblemAsync(ErrorCode.ValidationError)).Fields());
        }

        Assert.NotEmpty((await api.Client.GetJsonAsync($"/api/v1/orders?status=paid&limit=9&cursor={cursor}"))["items"]!.AsArray());
    }
}

using System.Net;
using System.Text;
using Platform.Api.Tests.Support;
using Platform.Errors;

namespace Platform.Api.Tests.Http;

/// <summary>JSON Merge Patch (RFC 7396) and batches.</summary>
public sealed class PatchTests(ApiHost api) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task Patch_changes_what_it_names_and_nothing_else()
    {
        var path = await NewAsync("patch");
        using var response = await PatchAsync(path, """{ "price": { "amount": 9.99 }, "unknown": 1 }""");
        var product = await response.JsonAsync();
        Assert.Equal(9.99m, product["price"]!["amount"]!.GetValue<decimal>());
        Assert.Equal("EUR", product["price"]!["currency"]!.GetValue<string>());
        Assert.Equal("P-patch", product["sku"]!.GetValue<string>());
        Assert.Equal(product.ToJsonString(), (await api.Client.GetJsonAsync(path)).ToJsonString());
    }

    [Theory]
    [InlineData("""{ "name": null }""", "/name required")]
    [InlineData("""{ "price": null, "sku": "" }""", "/sku required", "/price required")]
    [InlineData("""{ "price": { "amount": -1, "currency": "euro" } }""", "/price/amount out_of_range", "/price/currency invalid")]
    [InlineData("""{ "active": "yes" }""", "/active invalid")]
    [InlineData("""{ "price": 5 }""", "/price invalid")]
    [InlineData("""[1]""", " invalid")]
    [InlineData("\"text\"", " invalid")]
    public async Task Patch_that_leaves_something_invalid_is_refused_by_field(string patch, params string[] fields)
    {
        var path = await NewAsync($"bad{Math.Abs(patch.GetHashCode(StringComparison.Ordinal))}");
        using var response = await PatchAsync(path, patch);
        Assert.Equal(fields, (await response.AssertProblemAsync(ErrorCode.ValidationError)).Fields());
    }

    [Fact]
    public async Task Null_removes_what_may_be_absent_and_an_empty_patch_changes_nothing_shown()
    {
        using var created = await api.Client.PostJsonAsync("/api/v1/orders", await api.Client.OrderBodyAsync());
        var path = created.Headers.Location!.ToString();
        using var set = await PatchAsync(path, """{ "reference": "PO-1" }""");
        using var kept = await PatchAsync(path, "{}");
        Assert.Equal("PO-1", (await kept.JsonAsync())["reference"]!.GetValue<string>());
        using var removed = await PatchAsync(path, """{ "reference": null }""");
        Assert.Null((await removed.JsonAsync())["reference"]);
    }

    [Fact]
    public async Task Patch_of_another_form_is_not_taken()
    {
        using var response = await PatchAsync(await NewAsync("form"), "<name/>", "application/xml");
        await response.AssertProblemAsync(ErrorCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task Batch_adds_what_can_be_and_says_of_each_item_what_became_of_it()
    {
        using var response = await api.Client.PostJsonAsync("/api/v1/products/batch", """
            { "items": [
                { "sku": "B-1", "name": "One", "price": { "amount": 1, "currency": "EUR" } },
                { "sku": "B-1", "name": "Twice", "price": { "amount": 1, "currency": "EUR" } },
                { "sku": "B-2", "name": "", "price": { "amount": -1, "currency": "EUR" } },
                null,
                { "sku": "B-3", "name": "Three", "price": { "amount": 3, "currency": "EUR" } }
            ] }
            """);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var items = (await response.JsonAsync())["items"]!.AsArray();
        Assert.Equal([201, 409, 400, 400, 201], items.Select(item => item!["status"]!.GetValue<int>()));
        Assert.Equal("RESOURCE_ALREADY_EXISTS", items[1]!["error"]!["code"]!.GetValue<string>());
        Assert.Equal(["/name", "/price/amount"], items[2]!["error"]!["errors"]!.AsArray().Select(error => error!["pointer"]!.GetValue<string>()));
        Assert.Equal(2, await api.CountAsync("commerce.products WHERE sku LIKE 'B-%'"));
    }

    [Fact]
    public async Task Batch_has_one_to_a_hundred_items()
    {
        foreach (var (body, field) in new[] { ("""{ "items": [] }""", "/items required"), ("{}", "/items required"), ($$"""{ "items": [{{string.Join(',', Enumerable.Repeat("null", 101))}}] }""", "/items too_many") })
        {
            using var response = await api.Client.PostJsonAsync("/api/v1/products/batch", body);
            Assert.Equal([field], (await response.AssertProblemAsync(ErrorCode.ValidationError)).Fields());
        }
    }

    private async Task<string> NewAsync(string sku)
    {
        using var created = await api.Client.PostJsonAsync("/api/v1/products", $$"""{ "sku": "P-{{sku}}", "name": "New", "price": { "amount": 1.00, "currency": "EUR" } }""");
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        return created.Headers.Location!.ToString();
    }

    private Task<HttpResponseMessage> PatchAsync(string path, string patch, string mediaType = "application/merge-patch+json") =>
        api.Client.PatchAsync(path, new StringContent(patch, Encoding.UTF8, mediaType), TestContext.Current.CancellationToken);
}

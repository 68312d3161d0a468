using System.Net;
using Platform.Api.Tests.Support;
using Platform.Errors;

namespace Platform.Api.Tests.Http;

public sealed class ProductTests(ApiHost api) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task Product_is_added_read_and_changed()
    {
        using var created = await api.Client.PostJsonAsync(
            "/api/v1/products", """{ "sku": "T-1", "name": "Teapot", "price": { "amount": 19.90, "currency": "EUR" } }""");
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var product = await created.JsonAsync();
        var path = created.Headers.Location!.ToString();
        Assert.Equal("""{"amount":19.90,"currency":"EUR"}""", product["price"]!.ToJsonString());
        Assert.True(product["active"]!.GetValue<bool>());
        Assert.Equal(product.ToJsonString(), (await api.Client.GetJsonAsync(path)).ToJsonString());

        using var changed = await api.Client.PutJsonAsync(
            path, """{ "sku": "T-1", "name": "Teapot", "price": { "amount": 24, "currency": "EUR" }, "active": false }""");
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        var read = await api.Client.GetJsonAsync(path);
        Assert.Equal("""{"amount":24.00,"currency":"EUR"}""", read["price"]!.ToJsonString());
        Assert.False(read["active"]!.GetValue<bool>());
    }

    [Theory]
    [InlineData("""{ "sku": "A", "name": "B" }""", "/price required")]
    [InlineData("""{ "sku": "A", "name": "B", "price": { "currency": "EUR" } }""", "/price/amount required")]
    [InlineData("""{ "sku": "A", "name": "B", "price": { "amount": -1, "currency": "EUR" } }""", "/price/amount out_of_range")]
    [InlineData("""{ "sku": "A", "name": "B", "price": { "amount": 1.001, "currency": "EUR" } }""", "/price/amount out_of_range")]
    [InlineData("""{ "sku": "A", "name": "B", "price": { "amount": 1e30, "currency": "EUR" } }""", "/price/amount")]
    [InlineData("""{ "sku": "A", "name": "B", "price": { "amount": 1, "currency": "euro" } }""", "/price/currency invalid")]
    [InlineData("""{ "sku": "A", "name": "B", "price": { "amount": 1 } }""", "/price/currency")]
    public async Task Price_that_is_none_is_refused(string body, string field)
    {
        using var response = await api.Client.PostJsonAsync("/api/v1/products", body);
        var problem = await response.AssertProblemAsync(ErrorCode.ValidationError);
        Assert.StartsWith(field, Assert.Single(problem.Fields()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stock_keeping_unit_that_is_taken_is_refused_also_when_a_product_is_changed()
    {
        using var created = await api.Client.PostJsonAsync(
            "/api/v1/products", """{ "sku": "T-2", "name": "Cup", "price": { "amount": 3, "currency": "EUR" } }""");
        using var changed = await api.Client.PutJsonAsync(
            created.Headers.Location!.ToString(), """{ "sku": "DEMO-001", "name": "Cup", "price": { "amount": 3, "currency": "EUR" } }""");
        var problem = await changed.AssertProblemAsync(ErrorCode.ResourceAlreadyExists);
        Assert.Equal(["/sku duplicate"], problem.Fields());
    }
}

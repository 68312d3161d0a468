using System.Net;
using System.Text.Json;
using Platform.GraphQL.Tests.Hosting;
using Platform.Identity;

namespace Platform.GraphQL.Tests.Authorization;

[Collection(SharedPlatform.Name)]
public sealed class AuthorizationTests(PlatformHost host)
{
    [Theory]
    [InlineData("{ __typename }")]
    [InlineData("{ __schema { types { name } } }")]
    [InlineData("{ products { edges { node { id } } } }")]
    [InlineData("{ broken")]
    public async Task Without_a_token_there_is_nothing_to_see(string query)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, host.Url);
        request.Content = new StringContent(JsonSerializer.Serialize(new { query }), System.Text.Encoding.UTF8, "application/json");
        using var response = await host.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var problem = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer", Assert.Single(response.Headers.WwwAuthenticate).Scheme);
        Assert.Equal("UNAUTHENTICATED", problem.GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_token_that_is_expired_foreign_or_forged_is_401()
    {
        var expired = host.Issuer.Token(ApiScopes.CatalogRead, TimeSpan.FromMinutes(-10));
        var foreign = host.Issuer.Token(ApiScopes.CatalogRead, audience: "another");
        var forged = host.Token()[..^5] + "AAAAA";

        foreach (var token in new[] { expired, foreign, forged, "nonsense" })
        {
            var answer = await host.Http.AskAsync(host.Url, "{ __typename }", token: token);

            Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
            Assert.Contains("invalid_token", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("{ customer(id: \"01900000-0000-7000-8000-000000000000\") { id } }", ApiScopes.CatalogRead)]
    [InlineData("{ customers { edges { node { id } } } }", ApiScopes.CatalogRead)]
    [InlineData("{ product(id: \"01900000-0000-7000-8000-000000000000\") { id } }", ApiScopes.CatalogRead)]
    [InlineData("{ products { edges { node { id } } } }", ApiScopes.CatalogRead)]
    [InlineData("{ order(id: \"01900000-0000-7000-8000-000000000000\") { id } }", ApiScopes.OrdersRead)]
    [InlineData("{ orders { edges { node { id } } } }", ApiScopes.OrdersRead)]
    [InlineData("mutation { placeOrder(input: { customerId: \"01900000-0000-7000-8000-000000000000\", lines: [] }) { userErrors { code } } }", ApiScopes.OrdersWrite)]
    [InlineData("mutation { cancelOrder(input: { orderId: \"01900000-0000-7000-8000-000000000000\" }) { userErrors { code } } }", ApiScopes.OrdersWrite)]
    public async Task A_root_field_is_refused_without_its_scope_and_allowed_with_it(string query, string scope)
    {
        var others = ApiScopes.All.Keys.Where(other => other != scope).ToArray();

        var without = await host.Http.AskAsync(host.Url, query, token: host.Token(others));
        var with = await host.Http.AskAsync(host.Url, query, token: host.Token(scope));

        Assert.Equal("FORBIDDEN", without.Code);
        Assert.Contains(scope, without.Message, StringComparison.Ordinal);
        Assert.Empty(with.Errors);
    }

    [Fact]
    public async Task What_the_caller_may_read_is_answered_beside_what_it_may_not()
    {
        var answer = await host.Http.AskAsync(
            host.Url, "{ products(first: 1) { edges { node { sku } } } orders { edges { node { id } } } }", token: host.Token(ApiScopes.CatalogRead));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(1, answer.Data.GetProperty("products").GetProperty("edges").GetArrayLength());
        Assert.Equal(JsonValueKind.Null, answer.Data.GetProperty("orders").ValueKind);
        Assert.Equal("FORBIDDEN", answer.Code);
    }

    [Fact]
    public async Task A_type_asks_for_its_scope_wherever_it_hangs()
    {
        const string Query = "{ orders(first: 2) { edges { node { id customer { name } lines { productName product { name } } } } } }";

        var ordersOnly = await host.Http.AskAsync(host.Url, Query, token: host.Token(ApiScopes.OrdersRead));
        var catalogOnly = await host.Http.AskAsync(
            host.Url, "{ customers(first: 1) { edges { node { name orders { edges { node { id } } } } } } }", token: host.Token(ApiScopes.CatalogRead));

        var order = ordersOnly.Data.GetProperty("orders").GetProperty("edges")[0].GetProperty("node");
        Assert.Equal(JsonValueKind.Null, order.GetProperty("customer").ValueKind);
        Assert.NotEmpty(order.GetProperty("lines")[0].GetProperty("productName").GetString()!);
        Assert.Equal(JsonValueKind.Null, order.GetProperty("lines")[0].GetProperty("product").ValueKind);
        Assert.All(ordersOnly.Errors, error => Assert.Equal("FORBIDDEN", error.GetProperty("extensions").GetProperty("code").GetString()));
        Assert.Equal(JsonValueKind.Null, catalogOnly.Data.GetProperty("customers").GetProperty("edges")[0].GetProperty("node").GetProperty("orders").ValueKind);
        Assert.Equal("FORBIDDEN", catalogOnly.Code);
    }

    [Fact]
    public async Task Health_is_open()
    {
        using var response = await host.Http.GetAsync(new Uri(host.Url, "/healthz"), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}

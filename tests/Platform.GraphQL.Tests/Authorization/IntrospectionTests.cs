using System.Net;
using Platform.GraphQL.Tests.Hosting;
using Platform.Identity;

namespace Platform.GraphQL.Tests.Authorization;

[Collection(SharedPlatform.Name)]
public sealed class IntrospectionTests(PlatformHost host)
{
    [Theory]
    [InlineData("{ __schema { types { name } } }")]
    [InlineData("{ __type(name: \"Order\") { name } }")]
    [InlineData("{ products { edges { cursor } } ...F } fragment F on Query { hidden: __schema { types { name } } }")]
    public async Task The_schema_is_shown_to_those_who_may_see_it(string query)
    {
        var client = await host.Http.AskAsync(host.Url, query, token: host.Token(ApiScopes.CatalogRead));
        var operators = await host.Http.AskAsync(host.Url, query, token: host.Token(ApiScopes.CatalogRead, ApiScopes.Operate));

        Assert.Equal((HttpStatusCode.Forbidden, "FORBIDDEN"), (client.Status, client.Code));
        Assert.Empty(operators.Errors);
    }

    [Fact]
    public async Task The_name_of_a_type_is_no_secret()
    {
        Assert.Empty((await host.Http.AskAsync(host.Url, "{ __typename products { __typename } }", token: host.Token(ApiScopes.CatalogRead))).Errors);
    }

    [Theory]
    [InlineData("{ product { id } prodcts { edges { cursor } } }")]
    [InlineData("{ products(frst: 1) { edges { cursor } } }")]
    [InlineData("query ($n: Strng) { products(after: $n) { edges { cursor } } }")]
    public async Task Names_are_suggested_to_those_who_may_see_the_schema(string query)
    {
        var client = await host.Http.AskAsync(host.Url, query, token: host.Token(ApiScopes.CatalogRead));
        var operators = await host.Http.AskAsync(host.Url, query, token: host.Token(ApiScopes.CatalogRead, ApiScopes.Operate));

        Assert.NotEmpty(client.Errors);
        Assert.DoesNotContain("Did you mean", client.Body.GetRawText(), StringComparison.Ordinal);
        Assert.Contains("Did you mean", operators.Body.GetRawText(), StringComparison.Ordinal);
    }
}

using System.Net;
using Platform.Api.Tests.Support;
using Platform.Identity.Tests.Support;

namespace Platform.Identity.Tests.Edge;

/// <summary>Another OpenID Connect provider in place of the own server, over real HTTP, with its own names for everything.</summary>
[Collection(nameof(SharedHost))]
public sealed class ExternalProviderTests(IdentityHost host)
{
    [Fact]
    public async Task Tokens_of_the_provider_count_by_its_own_names_and_pinned_algorithms()
    {
        await using var provider = await OtherProvider.StartAsync();
        await using var server = new ApiServer(host.Database.ConnectionString, settings:
        [
            ("Platform:Identity:Provider", "External"),
            ("Platform:Identity:Issuer", provider.Url),
            ("Platform:Identity:Audience", "the-shop"),
            ("Platform:Identity:TokenTypes:0", "JWT"),
            ("Platform:Identity:Algorithms:0", "ES256"),
            ("Platform:Identity:Claims:Client", "azp"),
            ("Platform:Identity:Claims:Roles", "realm_access.roles"),
            ("Platform:Identity:Claims:RoleNames:shop-admins", "operator"),
            ("Platform:Identity:Claims:RoleNames:clerks", "staff"),
            ("Platform:Identity:Claims:ScopeNames:read-orders", "orders.read"),
            ("Platform:Identity:Claims:ClientToken", "kind=service"),
        ]);
        server.StartServer();

        // By a role, by a group that is named as one, and as a service by its scopes alone.
        Assert.Equal(HttpStatusCode.OK, await GetAsync(server, provider.Token(roles: ["shop-admins"])));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(server, provider.Token(groups: ["clerks"])));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(server, provider.Token(kind: "service")));

        // A user without a role, one whose role is not mapped, one who claims to be superuser: the scope is not enough.
        Assert.Equal(HttpStatusCode.Forbidden, await GetAsync(server, provider.Token()));
        Assert.Equal(HttpStatusCode.Forbidden, await GetAsync(server, provider.Token(roles: ["unknown"])));
        Assert.Equal(HttpStatusCode.Forbidden, await GetAsync(server, provider.Token(superuser: true)));

        // Another audience, and an algorithm that is not pinned although the key is published.
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(server, provider.Token(roles: ["shop-admins"], audience: "platform")));
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(server, provider.Token(roles: ["shop-admins"], rsa: true)));

        // The own server and its login are not there.
        using var browser = new Browser(server);
        Assert.NotEqual(HttpStatusCode.OK, (await browser.GetAsync("/account/login")).Status);
        Assert.NotEqual(HttpStatusCode.OK, (await browser.GetAsync("/.well-known/openid-configuration")).Status);
    }

    private static async Task<HttpStatusCode> GetAsync(ApiServer server, string token)
    {
        using var client = server.CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        using var response = await client.GetAsync("/api/v1/orders?limit=1", TestContext.Current.CancellationToken);
        return response.StatusCode;
    }
}

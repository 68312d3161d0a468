using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OpenIddict.Abstractions;
using Platform.Api.Tests.Support;
using Platform.Errors;
using Platform.Testing;
using Platform.TokenBinding.Tests.Support;

namespace Platform.TokenBinding.Tests.Attacks;

/// <summary>Nonces, a replay store that is away, and clients that have to prove a key.</summary>
public sealed class ProofSettingsTests(PostgresFixture postgres, RedisFixture redis)
{
    private const string Path = "/api/v1/products";

    [Fact]
    public async Task Proof_made_in_advance_lacks_the_servers_nonce()
    {
        await using var api = await BoundApi.StartAsync(postgres, redis, settings: [("Platform:TokenBinding:DPoP:RequireNonce", "Everywhere")]);
        using var key = new ProofKey();
        using var first = await api.RequestTokenAsync(key.Proof("POST", api.Url("/connect/token")));
        Assert.Equal(HttpStatusCode.BadRequest, first.StatusCode);
        Assert.Equal("use_dpop_nonce", (await first.JsonAsync())["error"]!.GetValue<string>());
        var nonce = Assert.Single(first.Headers.GetValues("DPoP-Nonce"));

        using var second = await api.RequestTokenAsync(key.Proof("POST", api.Url("/connect/token"), nonce: nonce));
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        var token = (await second.JsonAsync())["access_token"]!.GetValue<string>();

        using var third = await api.GetAsync(Path, "DPoP", token, key.Proof("GET", api.Url(Path), token));
        await third.AssertProblemAsync(ErrorCode.Unauthorized);
        Assert.StartsWith("DPoP error=\"use_dpop_nonce\"", third.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        nonce = Assert.Single(third.Headers.GetValues("DPoP-Nonce"));

        using var fourth = await api.GetAsync(Path, "DPoP", token, key.Proof("GET", api.Url(Path), token, nonce: nonce));
        Assert.Equal(HttpStatusCode.OK, fourth.StatusCode);
    }

    [Fact]
    public async Task Without_the_replay_store_nobody_is_let_in_by_proof()
    {
        await using var api = await BoundApi.StartAsync(postgres, redis: null);
        using var key = new ProofKey();
        using var refused = await api.RequestTokenAsync(key.Proof("POST", api.Url("/connect/token")));
        await refused.AssertProblemAsync(ErrorCode.ServiceUnavailable);
        Assert.NotNull(refused.Headers.RetryAfter);

        // Bearer tokens need no memory.
        var bearer = await api.TokenAsync(key: null);
        using var answer = await api.GetAsync(Path, "Bearer", bearer);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Client_that_has_to_prove_a_key_gets_no_bearer_token()
    {
        await using var api = await BoundApi.StartAsync(postgres, redis);
        await using (var services = PlatformTemplate.Services(api.ConnectionString, "Development"))
        await using (var scope = services.CreateAsyncScope())
        {
            var clients = scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>();
            var client = (await clients.FindByClientIdAsync("demo", TestContext.Current.CancellationToken))!;
            var descriptor = new OpenIddictApplicationDescriptor();
            await clients.PopulateAsync(descriptor, client, TestContext.Current.CancellationToken);
            descriptor.Requirements.Add("ft:dpop");
            await clients.UpdateAsync(client, descriptor, TestContext.Current.CancellationToken);
        }

        using var bare = await api.RequestTokenAsync(proof: null);
        Assert.Equal("invalid_dpop_proof", (await bare.JsonAsync())["error"]!.GetValue<string>());
        using var key = new ProofKey();
        await api.TokenAsync(key);
    }
}

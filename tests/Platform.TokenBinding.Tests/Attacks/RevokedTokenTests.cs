using System.Net;
using System.Text.Json.Nodes;
using Platform.Identity.Tests.Support;
using Platform.Testing;
using Platform.TokenBinding.Tests.Support;

namespace Platform.TokenBinding.Tests.Attacks;

/// <summary>A token that was given back (RFC 7009) is worth nothing to whoever kept a copy, at any replica.</summary>
public sealed class RevokedTokenTests(BoundPair pair, PostgresFixture postgres) : IClassFixture<BoundPair>
{
    private const string Path = "/api/v1/products?limit=1";

    [Fact]
    public Task Revoked_access_token_is_refused_by_every_replica_and_others_go_on() => RevokedIsRefusedAsync(pair.Api);

    [Fact]
    public async Task Revoked_access_token_is_refused_by_every_replica_without_redis_too()
    {
        await using var api = await BoundApi.StartAsync(postgres, redis: null, replicas: 2, settings: ("Platform:TokenBinding:RevocationPoll", "00:00:01"));
        await RevokedIsRefusedAsync(api);
    }

    private static async Task RevokedIsRefusedAsync(BoundApi api)
    {
        var (token, other) = (await api.TokenAsync(null), await api.TokenAsync(null));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(api, token, replica: 1));
        await RevokeAsync(api, ("client_id", "demo"), ("client_secret", "demo-secret"), ("token", token));

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(api, token));
        await Eventually.BecomesTrueAsync(async () => await StatusAsync(api, token, replica: 1) == HttpStatusCode.Unauthorized);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(api, other));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(api, other, replica: 1));
    }

    [Fact]
    public async Task Revoked_refresh_token_takes_the_access_tokens_of_its_sign_in_along()
    {
        var api = pair.Api;
        var flow = new CodeFlow(api.Server) { Scope = "openid offline_access catalog.read" };
        var (first, second) = (await flow.TokensAsync(), await flow.TokensAsync());
        await RevokeAsync(api, ("client_id", flow.ClientId), ("token", first["refresh_token"]!.GetValue<string>()));

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(api, Access(first)));
        await Eventually.BecomesTrueAsync(async () => await StatusAsync(api, Access(first), replica: 1) == HttpStatusCode.Unauthorized);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(api, Access(second)));

        // The other way round the sign-in goes on (section 2.1): the client may ask for another.
        await RevokeAsync(api, ("client_id", flow.ClientId), ("token", Access(second)));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(api, Access(second)));
        var (status, third) = await flow.RefreshAsync(second["refresh_token"]!.GetValue<string>());
        Assert.True(status is HttpStatusCode.OK, third.ToJsonString());
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(api, Access(third)));
    }

    [Fact]
    public async Task Token_of_another_client_is_not_his_to_revoke()
    {
        var api = pair.Api;
        var token = await api.TokenAsync(null);
        await RevokeAsync(api, ("client_id", "demo-app"), ("token", token));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(api, token));
    }

    private static string Access(JsonObject tokens) => tokens["access_token"]!.GetValue<string>();

    private static async Task RevokeAsync(BoundApi api, params (string Name, string Value)[] form)
    {
        using var content = new FormUrlEncodedContent(form.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        using var response = await api.Client.PostAsync("/connect/revoke", content, TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.BadRequest, $"{response.StatusCode}");
    }

    private static async Task<HttpStatusCode> StatusAsync(BoundApi api, string token, int replica = 0)
    {
        using var answer = await api.GetAsync(Path, "Bearer", token, replica: replica);
        return answer.StatusCode;
    }
}

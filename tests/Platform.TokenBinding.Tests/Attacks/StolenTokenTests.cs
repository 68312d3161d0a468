using System.Net;
using Platform.Api.Tests.Support;
using Platform.Errors;
using Platform.Testing;
using Platform.TokenBinding.Tests.Support;

namespace Platform.TokenBinding.Tests.Attacks;

/// <summary>A bearer token that somebody else uses, as far as network and program can tell.</summary>
public sealed class StolenTokenTests(PostgresFixture postgres, RedisFixture redis)
{
    private const string Path = "/api/v1/products";
    private const string Mode = "Platform:TokenBinding:Fingerprint:Mode";
    private static readonly (string, string) BehindProxy = ("Platform:TokenBinding:TrustedProxies:0", "127.0.0.0/8");

    [Fact]
    public async Task Stolen_bearer_from_another_network_is_refused_and_audited()
    {
        await using var api = await BoundApi.StartAsync(postgres, redis, settings: [(Mode, "Strict"), BehindProxy]);
        var token = await api.TokenAsync(null, From("192.0.2.10"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(api, token, From("192.0.2.99")));
        using var answer = await api.GetAsync(Path, "Bearer", token, change: From("198.51.100.1"));
        await answer.AssertProblemAsync(ErrorCode.TokenBindingViolation);
        Assert.Equal(1, await api.AuditedAsync("binding.fingerprint"));
    }

    [Fact]
    public async Task Stolen_bearer_in_another_program_is_refused()
    {
        await using var api = await BoundApi.StartAsync(postgres, redis, settings: [(Mode, "Strict")]);
        var token = await api.TokenAsync(null, With("app/1.0"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(api, token, With("app/2.0")));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(api, token, With("curl/8.0")));
    }

    [Fact]
    public async Task Phone_that_changes_networks_is_let_in_where_that_is_tolerated()
    {
        await using var api = await BoundApi.StartAsync(postgres, redis, settings: [(Mode, "Tolerant"), BehindProxy]);
        var token = await api.TokenAsync(null, Both("192.0.2.10", "app/1.0"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(api, token, Both("198.51.100.1", "app/1.1")));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(api, token, Both("198.51.100.1", "curl/8.0")));
    }

    [Fact]
    public async Task Report_lets_in_and_tells()
    {
        await using var api = await BoundApi.StartAsync(postgres, redis);
        var token = await api.TokenAsync(null, With("app/1.0"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(api, token, With("curl/8.0")));
        Assert.Equal(1, await api.AuditedAsync("binding.fingerprint"));
    }

    [Fact]
    public async Task Forged_forwarded_header_of_a_peer_that_is_no_proxy_changes_nothing()
    {
        await using var api = await BoundApi.StartAsync(postgres, redis, settings: [(Mode, "Strict"), ("Platform:TokenBinding:TrustedProxies:0", "10.0.0.0/8")]);
        var token = await api.TokenAsync(null, From("192.0.2.10"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(api, token, From("198.51.100.1")));
    }

    [Fact]
    public async Task Thief_ends_the_token_for_everybody_at_every_replica_where_that_is_wanted()
    {
        await using var api = await BoundApi.StartAsync(
            postgres, redis, replicas: 2, settings: [(Mode, "Strict"), ("Platform:TokenBinding:Fingerprint:RevokeFamily", "true"), ("Platform:TokenBinding:RevocationPoll", "00:00:01")]);
        var token = await api.TokenAsync(null, With("app/1.0"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(api, token, With("curl/8.0")));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(api, token, With("app/1.0")));
        await Eventually.BecomesTrueAsync(async () => await StatusAsync(api, token, With("app/1.0"), replica: 1) == HttpStatusCode.Unauthorized);

        // Another token of the same client goes on.
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(api, await api.TokenAsync(null, With("app/1.0")), With("app/1.0")));
    }

    private static Action<HttpRequestMessage> From(string address) => request => request.Headers.TryAddWithoutValidation("X-Forwarded-For", address);

    private static Action<HttpRequestMessage> With(string userAgent) => request => request.Headers.TryAddWithoutValidation("User-Agent", userAgent);

    private static Action<HttpRequestMessage> Both(string address, string userAgent) => From(address) + With(userAgent);

    private static async Task<HttpStatusCode> StatusAsync(BoundApi api, string token, Action<HttpRequestMessage> change, int replica = 0)
    {
        using var answer = await api.GetAsync($"{Path}?limit=1", "Bearer", token, replica: replica, change: change);
        return answer.StatusCode;
    }
}

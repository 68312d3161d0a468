using System.Net;
using Platform.Api.Tests.Support;
using Platform.Errors;
using Platform.TokenBinding.Tests.Engine;
using Platform.TokenBinding.Tests.Support;

namespace Platform.TokenBinding.Tests.Attacks;

/// <summary>What a thief of a token that is bound to a key can try over HTTP.</summary>
public sealed class ProofTests(BoundPair pair) : IClassFixture<BoundPair>, IAsyncLifetime
{
    private const string Path = "/api/v1/products";

    // Of those over HTTP; the engine has a form of its own.
    private static readonly int Changed = MutatedProofTests.Mutations / 50;

    private readonly ProofKey _key = new();
    private string _token = null!;

    private BoundApi Api => pair.Api;

    public async ValueTask InitializeAsync() => _token = await Api.TokenAsync(_key);

    public ValueTask DisposeAsync()
    {
        _key.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Token_with_its_key_is_let_in_and_says_what_it_is()
    {
        using var issued = await Api.RequestTokenAsync(_key.Proof("POST", Api.Url("/connect/token")));
        var body = await issued.JsonAsync();
        Assert.Equal("DPoP", body["token_type"]!.GetValue<string>());
        var claims = System.Text.Json.Nodes.JsonNode.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(body["access_token"]!.GetValue<string>().Split('.')[1]))!;
        Assert.Equal(_key.Thumbprint, claims["cnf"]!["jkt"]!.GetValue<string>());

        using var answer = await Api.GetAsync($"{Path}?limit=1", "DPoP", _token, Proof());
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Metadata_says_which_algorithms_are_taken()
    {
        var metadata = await Api.Client.GetJsonAsync("/.well-known/openid-configuration");
        Assert.Equal(["ES256", "ES384", "PS256"], metadata["dpop_signing_alg_values_supported"]!.AsArray().Select(name => name!.GetValue<string>()));
    }

    [Fact]
    public async Task Stolen_token_without_the_key_is_refused()
    {
        using var thief = new ProofKey();
        await AssertRefusedAsync("invalid_dpop_proof", thief.Proof("GET", Api.Url(Path), _token));
        await AssertRefusedAsync("invalid_dpop_proof", null);
    }

    [Fact]
    public async Task Downgrade_to_bearer_is_refused_and_audited()
    {
        using var answer = await Api.GetAsync(Path, "Bearer", _token);
        await answer.AssertProblemAsync(ErrorCode.Unauthorized);
        Assert.StartsWith("DPoP error=\"invalid_token\"", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, await Api.AuditedAsync("binding.downgrade"));
    }

    [Fact]
    public async Task Bearer_token_dressed_up_as_bound_is_refused()
    {
        var bearer = await Api.TokenAsync(key: null);
        using var answer = await Api.GetAsync(Path, "DPoP", bearer, _key.Proof("GET", Api.Url(Path), bearer));
        await answer.AssertProblemAsync(ErrorCode.Unauthorized);
    }

    [Fact]
    public Task Proof_for_another_method_is_refused() => AssertRefusedAsync("invalid_dpop_proof", _key.Proof("POST", Api.Url(Path), _token));

    [Fact]
    public async Task Proof_for_another_url_is_refused()
    {
        await AssertRefusedAsync("invalid_dpop_proof", _key.Proof("GET", Api.Url("/api/v1/orders"), _token));
        await AssertRefusedAsync("invalid_dpop_proof", _key.Proof("GET", Api.Url(Path, replica: 1), _token));
    }

    [Fact]
    public async Task Proof_for_another_token_is_refused()
    {
        var other = await Api.TokenAsync(_key);
        await AssertRefusedAsync("invalid_dpop_proof", _key.Proof("GET", Api.Url(Path), other));
    }

    [Fact]
    public async Task Future_and_stale_iat_are_refused()
    {
        var now = TimeProvider.System.GetUtcNow();
        await AssertRefusedAsync("invalid_dpop_proof", _key.Proof("GET", Api.Url(Path), _token, now.AddMinutes(2)));
        await AssertRefusedAsync("invalid_dpop_proof", _key.Proof("GET", Api.Url(Path), _token, now.AddMinutes(-2)));
    }

    [Fact]
    public async Task Header_duplication_is_refused()
    {
        using var twoProofs = await Api.GetAsync(Path, "DPoP", _token, Proof(), change: r => r.Headers.TryAddWithoutValidation("DPoP", Proof()));
        await twoProofs.AssertProblemAsync(ErrorCode.Unauthorized);
        var bearer = await Api.TokenAsync(key: null);
        using var twoTokens = await Api.GetAsync(Path, "Bearer", bearer, change: r =>
        {
            r.Headers.Remove("Authorization");
            r.Headers.TryAddWithoutValidation("Authorization", [$"Bearer {bearer}", $"DPoP {_token}"]);
        });
        await twoTokens.AssertProblemAsync(ErrorCode.Unauthorized);
    }

    [Fact]
    public async Task Replay_of_a_proof_is_accepted_once_among_copies_at_two_replicas()
    {
        // Both replicas are the same address to the client, as behind a balancer.
        var proof = Proof();
        var audited = await Api.AuditedAsync("binding.replay");
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Api.GetAsync(
            $"{Path}?limit=1", "DPoP", _token, proof, replica: i % 2, change: r => r.Headers.Host = new Uri(Api.Url("/")).Authority)));
        Assert.Equal(1, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        Assert.Equal(49, answers.Count(answer => answer.StatusCode == HttpStatusCode.Unauthorized));
        Assert.InRange(await Api.AuditedAsync("binding.replay") - audited, 1, 4);
        foreach (var answer in answers)
        {
            answer.Dispose();
        }
    }

    [Fact]
    public async Task Replay_at_the_token_endpoint_is_refused()
    {
        var proof = _key.Proof("POST", Api.Url("/connect/token"));
        using var first = await Api.RequestTokenAsync(proof);
        using var second = await Api.RequestTokenAsync(proof);
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, second.StatusCode);
        Assert.Equal("invalid_dpop_proof", (await second.JsonAsync())["error"]!.GetValue<string>());
    }

    [Fact]
    public async Task Bad_proof_at_the_token_endpoint_gets_the_rfcs_error()
    {
        using var response = await Api.RequestTokenAsync("nonsense");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("invalid_dpop_proof", (await response.JsonAsync())["error"]!.GetValue<string>());
    }

    [Fact]
    public async Task Changed_proof_is_never_let_in_and_never_an_error_of_the_server()
    {
        var original = Proof();
        var random = new Random(1);
        for (var i = 0; i < Changed; i++)
        {
            var changed = new ProofMutation(0, random.Next(10), random.Next(1_000_000), random.Next(1_000_000)).Apply(original);
            if (changed.Length == 0 || changed.AsSpan().ContainsAnyExceptInRange(' ', '~') || ProofMutation.IsSameProof(changed.Trim(), original))
            {
                continue;
            }

            using var answer = await Api.GetAsync($"{Path}?limit=1", "DPoP", _token, changed);
            Assert.True(answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.BadRequest, $"{answer.StatusCode} for {changed}");
        }
    }

    private string Proof() => _key.Proof("GET", Api.Url(Path), _token);

    private async Task AssertRefusedAsync(string error, string? proof)
    {
        using var answer = await Api.GetAsync(Path, "DPoP", _token, proof);
        await answer.AssertProblemAsync(ErrorCode.Unauthorized);
        Assert.Matches($"^DPoP error=\"{error}\", error_description=\"[^\"]+\", algs=\"ES256 ES384 PS256\"$", answer.Headers.WwwAuthenticate.ToString());
    }
}

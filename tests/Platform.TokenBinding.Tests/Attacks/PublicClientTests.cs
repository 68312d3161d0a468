using System.Net;
using System.Text.Json.Nodes;
using Platform.Api.Tests.Support;
using Platform.Identity.Tests.Support;
using Platform.TokenBinding.Tests.Support;

namespace Platform.TokenBinding.Tests.Attacks;

/// <summary>A public client has no secret: its code and refresh tokens are bound to its key (RFC 9449, sections 5 and 10).</summary>
public sealed class PublicClientTests(BoundPair pair) : IClassFixture<BoundPair>, IDisposable
{
    private readonly ProofKey _key = new();
    private readonly ProofKey _thief = new();

    private BoundApi Api => pair.Api;

    public void Dispose()
    {
        _key.Dispose();
        _thief.Dispose();
    }

    [Fact]
    public async Task Stolen_refresh_token_of_a_public_client_is_refused_without_its_key()
    {
        var flow = new CodeFlow(Api.Server);
        var first = await PostAsync(_key, Redeem(flow, await flow.CodeAsync()));
        Assert.Equal("DPoP", first.Body["token_type"]?.GetValue<string>());
        var token = first.Body["refresh_token"]!.GetValue<string>();

        foreach (var key in (ProofKey?[])[null, _thief])
        {
            var stolen = await PostAsync(key, Refresh(flow, token));
            Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), (stolen.Status, stolen.Body["error"]!.GetValue<string>()));
        }

        // A refusal uses nothing up.
        var second = await PostAsync(_key, Refresh(flow, token));
        Assert.True(second.Status is HttpStatusCode.OK, second.Body.ToJsonString());
        var third = await PostAsync(_thief, Refresh(flow, second.Body["refresh_token"]!.GetValue<string>()));
        Assert.Equal("invalid_grant", third.Body["error"]!.GetValue<string>());
    }

    [Fact]
    public async Task Stolen_code_that_names_a_key_is_refused_without_it()
    {
        var flow = new CodeFlow(Api.Server) { Changes = new() { ["dpop_jkt"] = _key.Thumbprint } };
        var code = await flow.CodeAsync();
        Assert.Equal("invalid_grant", (await PostAsync(_thief, Redeem(flow, code))).Body["error"]!.GetValue<string>());
        Assert.Equal("invalid_grant", (await PostAsync(null, Redeem(flow, code))).Body["error"]!.GetValue<string>());
        var good = await PostAsync(_key, Redeem(flow, code));
        Assert.True(good.Status is HttpStatusCode.OK, good.Body.ToJsonString());
    }

    private static Dictionary<string, string> Redeem(CodeFlow flow, string code) => new()
    {
        ["grant_type"] = "authorization_code",
        ["client_id"] = flow.ClientId,
        ["code"] = code,
        ["redirect_uri"] = flow.RedirectUri,
        ["code_verifier"] = flow.Verifier,
    };

    private static Dictionary<string, string> Refresh(CodeFlow flow, string token) => new()
    {
        ["grant_type"] = "refresh_token",
        ["client_id"] = flow.ClientId,
        ["refresh_token"] = token,
    };

    private async Task<(HttpStatusCode Status, JsonObject Body)> PostAsync(ProofKey? key, Dictionary<string, string> form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Api.Url("/connect/token")) { Content = new FormUrlEncodedContent(form) };
        if (key is not null)
        {
            request.Headers.Add("DPoP", key.Proof("POST", Api.Url("/connect/token")));
        }

        using var response = await Api.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return (response.StatusCode, await response.JsonAsync());
    }
}

using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Platform.Api.Tests.Support;

namespace Platform.Identity.Tests.Support;

/// <summary>A client that takes a user through the authorization code flow; each part can be made wrong.</summary>
internal sealed record CodeFlow(ApiServer Server)
{
    public string ClientId { get; init; } = "demo-app";

    public string RedirectUri { get; init; } = "http://127.0.0.1:49152/callback";

    public string Scope { get; init; } = "openid profile offline_access orders.read operate";

    public string Verifier { get; init; } = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>Laid over the parameters of the authorization request; null takes one away.</summary>
    public Dictionary<string, string?> Changes { get; init; } = [];

    public static string Challenge(string verifier) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));

    public Dictionary<string, string?> Parameters()
    {
        var parameters = new Dictionary<string, string?>
        {
            ["client_id"] = ClientId,
            ["response_type"] = "code",
            ["redirect_uri"] = RedirectUri,
            ["scope"] = Scope,
            ["state"] = "the-state",
            ["nonce"] = "the-nonce",
            ["code_challenge"] = Challenge(Verifier),
            ["code_challenge_method"] = "S256",
        };
        foreach (var (name, value) in Changes)
        {
            parameters[name] = value;
        }

        return parameters.Where(parameter => parameter.Value is not null).ToDictionary();
    }

    public string Url() => QueryHelpers.AddQueryString("/connect/authorize", Parameters());

    /// <summary>Signs in as somebody and comes back with the code.</summary>
    public async Task<string> CodeAsync(string user = "operator", string? password = null)
    {
        using var browser = new Browser(Server);
        return await CodeAsync(browser, user, password);
    }

    public async Task<string> CodeAsync(Browser browser, string user = "operator", string? password = null)
    {
        var asked = await browser.GetAsync(Url());
        Assert.Equal(HttpStatusCode.Redirect, asked.Status);
        var page = await browser.GetAsync(asked.Location!);
        var signedIn = await browser.SubmitAsync(page, ("name", user), ("password", password ?? $"{user}-password"));
        Assert.True(signedIn.Refresh is not null, signedIn.Body);
        var answer = await browser.GetAsync(signedIn.Refresh!);
        Assert.True(answer.Parameter("code") is not null, $"{answer.Status} {answer.Location} {answer.Body}");
        Assert.StartsWith(RedirectUri, answer.Location, StringComparison.Ordinal);
        Assert.Equal("the-state", answer.Parameter("state"));
        return answer.Parameter("code")!;
    }

    public Task<(HttpStatusCode Status, JsonObject Body)> RedeemAsync(string code, params (string Name, string? Value)[] changes) => PostAsync(
        "/connect/token",
        [("grant_type", "authorization_code"), ("client_id", ClientId), ("code", code), ("redirect_uri", RedirectUri), ("code_verifier", Verifier), .. changes]);

    public Task<(HttpStatusCode Status, JsonObject Body)> RefreshAsync(string token, params (string Name, string? Value)[] changes) => PostAsync(
        "/connect/token", [("grant_type", "refresh_token"), ("client_id", ClientId), ("refresh_token", token), .. changes]);

    public async Task<JsonObject> TokensAsync(string user = "operator")
    {
        var (status, body) = await RedeemAsync(await CodeAsync(user));
        Assert.True(status is HttpStatusCode.OK, body.ToJsonString());
        return body;
    }

    public async Task<(HttpStatusCode Status, JsonObject Body)> PostAsync(string path, (string Name, string? Value)[] fields)
    {
        using var client = Server.CreateClient();
        var form = new Dictionary<string, string>();
        foreach (var (name, value) in fields)
        {
            if (value is null)
            {
                form.Remove(name);
            }
            else
            {
                form[name] = value;
            }
        }

        using var content = new FormUrlEncodedContent(form);
        using var response = await client.PostAsync(path, content, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (response.StatusCode, text.StartsWith('{') ? JsonNode.Parse(text)!.AsObject() : new JsonObject { ["text"] = text });
    }
}

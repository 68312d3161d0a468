using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Platform.TokenBinding.Tests.Support;

namespace Platform.EndToEnd.Tests;

/// <summary>A token that is bound to a key is good in every host with the key, and in none without.</summary>
public sealed class BoundTokenTests(RunningPlatform platform)
{
    [Fact]
    public async Task Token_of_the_api_is_taken_by_the_graphql_service_with_its_key_only()
    {
        using var key = new ProofKey();
        using var http = new HttpClient();
        var token = await TokenAsync(http, key);
        var address = new Uri(platform.GraphQL, "/api/graphql/");

        using var good = await AskAsync(http, address, "DPoP", token, key.Proof("POST", address.AbsoluteUri, token));
        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
        Assert.Contains("\"products\"", await good.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);

        using var bearer = await AskAsync(http, address, "Bearer", token, proof: null);
        Assert.Equal(HttpStatusCode.Unauthorized, bearer.StatusCode);
        using var thief = new ProofKey();
        using var stolen = await AskAsync(http, address, "DPoP", token, thief.Proof("POST", address.AbsoluteUri, token));
        Assert.Equal(HttpStatusCode.Unauthorized, stolen.StatusCode);
        Assert.StartsWith("DPoP error=\"invalid_dpop_proof\"", stolen.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    private async Task<string> TokenAsync(HttpClient http, ProofKey key)
    {
        var address = new Uri(platform.Api, "/connect/token");
        using var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["grant_type"] = "client_credentials",
                ["client_id"] = "demo",
                ["client_secret"] = "demo-secret",
            }),
        };
        request.Headers.Add("DPoP", key.Proof("POST", address.AbsoluteUri));
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return body.RootElement.GetProperty("access_token").GetString()!;
    }

    private static Task<HttpResponseMessage> AskAsync(HttpClient http, Uri address, string scheme, string token, string? proof)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = new StringContent("""{"query": "{ products(first: 1) { edges { node { id } } } }"}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue(scheme, token);
        if (proof is not null)
        {
            request.Headers.Add("DPoP", proof);
        }

        return http.SendAsync(request, TestContext.Current.CancellationToken);
    }
}

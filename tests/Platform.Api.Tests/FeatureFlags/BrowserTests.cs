using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Platform.Api.Tests.Support;
using Platform.Testing;

namespace Platform.Api.Tests.FeatureFlags;

/// <summary>A front end of another origin asks for its flags, as OpenFeature's provider for browsers does, and hears of changes.</summary>
public sealed class BrowserTests(PostgresFixture postgres)
{
    private const string Origin = "https://app.example.org";
    private const string Key = "key-of-the-front-end";

    [Fact]
    public async Task Front_end_of_a_configured_origin_asks_and_listens_and_others_do_not()
    {
        await using var database = await postgres.CreateDatabaseAsync(PlatformTemplate.Seeded);
        await using var server = new ApiServer(database.ConnectionString, settings:
        [
            ("Platform:Cors:Origins:0", Origin),
            ("Platform:FeatureFlags:Ofrep:Keys:web", Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Key)))),
        ]);
        using var client = server.CreateClient();
        const string bulk = "/ofrep/v1/evaluate/flags";

        // The browser asks first whether it may send these headers.
        using var preflight = await SendAsync(client, HttpMethod.Options, bulk, Origin, request =>
        {
            request.Headers.Add("Access-Control-Request-Method", "POST");
            request.Headers.Add("Access-Control-Request-Headers", "content-type,if-none-match,x-api-key");
        });
        Assert.Equal(HttpStatusCode.NoContent, preflight.StatusCode);
        Assert.Equal(Origin, Allowed(preflight));
        Assert.Equal("content-type,if-none-match,x-api-key", preflight.Headers.GetValues("Access-Control-Allow-Headers").Single());

        // Its script may read the validator; a refusal is one that it can read too.
        using var answer = await SendAsync(client, HttpMethod.Post, bulk, Origin, Ask);
        Assert.Equal((HttpStatusCode.OK, Origin), (answer.StatusCode, Allowed(answer)));
        Assert.Contains("ETag", answer.Headers.GetValues("Access-Control-Expose-Headers").Single().Split(','));
        using var same = await SendAsync(client, HttpMethod.Post, bulk, Origin, request =>
        {
            Ask(request);
            request.Headers.IfNoneMatch.Add(answer.Headers.ETag!);
        });
        Assert.Equal((HttpStatusCode.NotModified, Origin), (same.StatusCode, Allowed(same)));
        using var refused = await SendAsync(client, HttpMethod.Post, bulk, Origin, request => request.Content = Json());
        Assert.Equal((HttpStatusCode.Unauthorized, Origin), (refused.StatusCode, Allowed(refused)));

        // An EventSource sends no header but its origin.
        var address = (string)(await answer.JsonAsync())["eventStreams"]![0]!["endpoint"]!["requestUri"]!;
        using var stream = await SendAsync(client, HttpMethod.Get, address, Origin, null);
        Assert.Equal((HttpStatusCode.OK, Origin), (stream.StatusCode, Allowed(stream)));
        Assert.Equal("text/event-stream", stream.Content.Headers.ContentType!.MediaType);

        foreach (var (method, path) in new[] { (HttpMethod.Post, bulk), (HttpMethod.Get, address) })
        {
            using var other = await SendAsync(client, method, path, "https://evil.example.org", method == HttpMethod.Post ? Ask : null);
            Assert.Null(Allowed(other));
        }
    }

    private static void Ask(HttpRequestMessage request)
    {
        request.Content = Json();
        request.Headers.Add("X-API-Key", Key);
    }

    private static StringContent Json() => new("{}", Encoding.UTF8, new MediaTypeHeaderValue("application/json"));

    private static string? Allowed(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Access-Control-Allow-Origin", out var values) ? values.Single() : null;

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, HttpMethod method, string path, string origin, Action<HttpRequestMessage>? change)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Add("Origin", origin);
        change?.Invoke(request);
        return client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }
}

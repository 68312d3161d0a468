using System.Net;
using System.Net.Http.Headers;
using Platform.Api.Tests.Support;
using Platform.Errors;
using Platform.Identity.Tests.Support;
using Platform.Testing;
using Platform.TokenBinding.Certificates;
using Platform.TokenBinding.Tests.Support;

namespace Platform.TokenBinding.Tests.External;

/// <summary>Tokens of another issuer are as bound as the own ones: by what it writes into them, and by who uses them first.</summary>
public sealed class ExternalIssuerTests(PostgresFixture postgres, RedisFixture redis) : IAsyncLifetime
{
    private const string Path = "/api/v1/orders";

    private readonly ProofKey _key = new();
    private OtherProvider _provider = null!;
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync()
    {
        _provider = await OtherProvider.StartAsync();
        _database = await postgres.CreateDatabaseAsync(PlatformTemplate.Seeded);
    }

    public async ValueTask DisposeAsync()
    {
        _key.Dispose();
        await _provider.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Token_that_the_issuer_bound_to_a_key_needs_the_key()
    {
        await using var api = await StartAsync();
        var token = Token(new() { ["jkt"] = _key.Thumbprint });
        using var thief = new ProofKey();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(api, token, key: _key));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(api, token, key: thief));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(api, token));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(api, Token()));
    }

    [Fact]
    public async Task Token_that_the_issuer_bound_to_a_certificate_needs_the_certificate()
    {
        using var certificate = TlsApi.Certificate("CN=client");
        using var other = TlsApi.Certificate("CN=thief");
        await using var api = await StartAsync(
            ("Platform:TokenBinding:Certificates:Enabled", "true"),
            ("Platform:TokenBinding:Certificates:ForwardedHeader", "Client-Cert"),
            ("Platform:TokenBinding:TrustedProxies:0", "127.0.0.1"));
        var token = Token(new() { ["x5t#S256"] = CertificateThumbprint.Of(certificate) });
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(api, token, change: With(certificate)));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(api, token, change: With(other)));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(api, token));

        static Action<HttpRequestMessage> With(System.Security.Cryptography.X509Certificates.X509Certificate2 certificate) => request =>
        {
            request.Headers.TryAddWithoutValidation("Client-Cert", $":{Convert.ToBase64String(certificate.RawData)}:");
            request.Headers.TryAddWithoutValidation("X-Forwarded-Proto", "https");
        };
    }

    [Fact]
    public async Task Token_is_bound_to_the_program_that_uses_it_first_at_whichever_replica()
    {
        (string, string) strict = ("Platform:TokenBinding:Fingerprint:Mode", "Strict");
        await using var first = await StartAsync(strict);
        await using var second = await StartAsync(strict);
        var token = Token();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(first, token, change: Program("app/1.0")));
        foreach (var replica in (ApiServer[])[first, second])
        {
            Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(replica, token, change: Program("curl/8.0")));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(replica, token, change: Program("app/1.1")));
        }

        // Of requests that race, one is the first for all.
        var raced = Token();
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(async i =>
            (i, Status: await StatusAsync(i % 4 < 2 ? first : second, raced, change: Program(i % 2 == 0 ? "app/1.0" : "curl/8.0")))));
        var won = Assert.Single(answers.Where(answer => answer.Status is HttpStatusCode.OK).Select(answer => answer.i % 2).Distinct());
        Assert.All(answers, answer => Assert.Equal(answer.i % 2 == won ? HttpStatusCode.OK : HttpStatusCode.Forbidden, answer.Status));
    }

    private static Action<HttpRequestMessage> Program(string userAgent) => request => request.Headers.TryAddWithoutValidation("User-Agent", userAgent);

    private string Token(Dictionary<string, object>? confirmation = null) =>
        _provider.Token(roles: ["operator"], confirmation: confirmation, scope: "openid orders.read");

    private async Task<ApiServer> StartAsync(params (string, string)[] settings)
    {
        var api = new ApiServer(_database.ConnectionString, (await redis.GetServerAsync()).ConnectionString, settings:
        [
            ("Platform:Identity:Provider", "External"),
            ("Platform:Identity:Issuer", _provider.Url),
            ("Platform:Identity:Audience", "the-shop"),
            ("Platform:Identity:TokenTypes:0", "JWT"),
            ("Platform:Identity:Claims:Roles", "realm_access.roles"),
            .. settings,
        ]);
        api.StartServer();
        return api;
    }

    private static async Task<HttpStatusCode> StatusAsync(
        ApiServer api, string token, ProofKey? key = null, Action<HttpRequestMessage>? change = null)
    {
        using var client = api.CreateClient();
        var url = new Uri(client.BaseAddress!, Path).AbsoluteUri;
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{url}?limit=1");
        request.Headers.Authorization = new AuthenticationHeaderValue(key is null ? "Bearer" : "DPoP", token);
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("DPoP", key.Proof("GET", url, token));
        }

        change?.Invoke(request);
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        if (answer.StatusCode is HttpStatusCode.Forbidden)
        {
            await answer.AssertProblemAsync(ErrorCode.TokenBindingViolation);
        }

        return answer.StatusCode;
    }
}

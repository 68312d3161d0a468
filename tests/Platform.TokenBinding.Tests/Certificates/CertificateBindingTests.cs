using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using OpenIddict.Abstractions;
using Platform.Api.Tests.Support;
using Platform.Errors;
using Platform.Testing;
using Platform.TokenBinding.Certificates;
using Platform.TokenBinding.Tests.Support;

namespace Platform.TokenBinding.Tests.Certificates;

/// <summary>Tokens that are bound to a client certificate (RFC 8705), over real TLS.</summary>
public sealed class CertificateBindingTests(PostgresFixture postgres, RedisFixture redis)
{
    private const string Path = "/api/v1/products?limit=1";

    [Fact]
    public async Task Token_is_for_the_certificate_that_it_was_asked_for_with()
    {
        await using var database = await postgres.CreateDatabaseAsync(PlatformTemplate.Seeded);
        await using var api = new TlsApi(database.ConnectionString, (await redis.GetServerAsync()).ConnectionString);
        using var certificate = TlsApi.Certificate("CN=client");
        using var other = TlsApi.Certificate("CN=thief");
        await RegisterAsync(database.ConnectionString, certificate);

        using var client = api.ClientWith(certificate);
        var token = await TokenAsync(client);
        var claims = System.Text.Json.Nodes.JsonNode.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[1]))!;
        Assert.Equal(CertificateThumbprint.Of(certificate), claims["cnf"]!["x5t#S256"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, token));

        using var thief = api.ClientWith(other);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(thief, token));
        using var bare = api.ClientWith(null);
        using var refused = await GetAsync(bare, token);
        await refused.AssertProblemAsync(ErrorCode.Unauthorized);
        Assert.StartsWith("Bearer error=\"invalid_token\"", refused.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);

        // The certificate is the client's authentication: another one is none.
        using var unknown = await RequestAsync(thief);
        Assert.Equal("invalid_client", (await unknown.JsonAsync())["error"]!.GetValue<string>());
    }

    [Fact]
    public async Task Certificate_of_an_authority_authenticates_the_client_that_it_is_for_and_no_other()
    {
        using var authority = TlsApi.Authority("CN=The authority");
        using var stranger = TlsApi.Authority("CN=The authority");
        var file = System.IO.Path.GetTempFileName();
        await File.WriteAllTextAsync(file, authority.ExportCertificatePem(), TestContext.Current.CancellationToken);
        await using var database = await postgres.CreateDatabaseAsync(PlatformTemplate.Seeded);
        await using var api = new TlsApi(
            database.ConnectionString, (await redis.GetServerAsync()).ConnectionString, ("Platform:TokenBinding:Certificates:Authorities:0", file));
        using var certificate = TlsApi.SignedBy(authority, "CN=by-certificate, O=Shop");
        await RegisterAsync(database.ConnectionString, subject: certificate.Subject);

        using var client = api.ClientWith(certificate);
        var token = await TokenAsync(client);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, token));

        // A certificate that was renewed is the same client; the token stays with the one that it was asked for with.
        using var renewed = TlsApi.SignedBy(authority, "CN=by-certificate, O=Shop");
        using var later = api.ClientWith(renewed);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(later, token));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(later, await TokenAsync(later)));

        // Another's of the same authority, one that has expired, one of a stranger with the same names, one that signed itself.
        X509Certificate2[] others =
        [
            TlsApi.SignedBy(authority, "CN=another, O=Shop"),
            TlsApi.SignedBy(authority, "CN=by-certificate, O=Shop", TimeProvider.System.GetUtcNow().AddHours(-1)),
            TlsApi.SignedBy(stranger, "CN=by-certificate, O=Shop"),
            TlsApi.Certificate("CN=by-certificate, O=Shop"),
        ];
        foreach (var other in others)
        {
            using var thief = api.ClientWith(other);
            using var refused = await RequestAsync(thief);
            Assert.Equal("invalid_client", (await refused.JsonAsync())["error"]!.GetValue<string>());
            other.Dispose();
        }

        File.Delete(file);
    }

    [Fact]
    public async Task Forged_certificate_header_of_a_peer_that_is_no_proxy_is_ignored_and_audited()
    {
        await using var api = await BoundApi.StartAsync(postgres, redis, settings:
        [
            ("Platform:TokenBinding:Certificates:Enabled", "true"),
            ("Platform:TokenBinding:Certificates:ForwardedHeader", "Client-Cert"),
            ("Platform:TokenBinding:TrustedProxies:0", "10.0.0.0/8"),
        ]);
        using var certificate = TlsApi.Certificate("CN=client");
        var token = await api.TokenAsync(null, With(certificate));
        Assert.DoesNotContain("x5t#S256", System.Text.Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[1])), StringComparison.Ordinal);
        Assert.Equal(1, await api.AuditedAsync("binding.forged_header"));
    }

    [Fact]
    public async Task Certificate_that_a_trusted_proxy_hands_on_binds_and_is_checked()
    {
        await using var api = await BoundApi.StartAsync(postgres, redis, settings:
        [
            ("Platform:TokenBinding:Certificates:Enabled", "true"),
            ("Platform:TokenBinding:Certificates:ForwardedHeader", "Client-Cert"),
            ("Platform:TokenBinding:TrustedProxies:0", "127.0.0.1"),
        ]);
        using var certificate = TlsApi.Certificate("CN=client");
        using var other = TlsApi.Certificate("CN=thief");
        await RegisterAsync(api.ConnectionString, certificate);
        using var issued = await api.Client.SendAsync(Request(api.Url("/connect/token"), certificate), TestContext.Current.CancellationToken);
        var token = (await issued.JsonAsync())["access_token"]!.GetValue<string>();

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(api, token, With(certificate)));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(api, token, With(other)));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(api, token, null));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(api, token, With(certificate) + With(certificate)));
    }

    [Fact]
    public void Header_is_read_in_every_form_that_proxies_use()
    {
        using var certificate = TlsApi.Certificate("CN=client");
        var thumbprint = CertificateThumbprint.Of(certificate);
        var der = Convert.ToBase64String(certificate.RawData);
        var pem = Uri.EscapeDataString(certificate.ExportCertificatePem());
        foreach (var value in (string[])[$":{der}:", der, pem, $"By=spiffe://a;Hash=00;Cert=\"{pem}\";Subject=\"CN=x,O=y\"", $"Cert=\"nonsense\",By=b;Cert=\"{pem}\""])
        {
            using var read = ForwardedCertificate.TryRead(value);
            Assert.Equal(thumbprint, CertificateThumbprint.Of(read!));
        }

        foreach (var value in (string[])["", "::", ":x:", "nonsense", "Cert=\"%\"", "-----BEGIN CERTIFICATE-----", new string('A', 20_000)])
        {
            Assert.Null(ForwardedCertificate.TryRead(value));
        }
    }

    private static async Task RegisterAsync(string connectionString, X509Certificate2? certificate = null, string? subject = null)
    {
        await using var services = PlatformTemplate.Services(connectionString, "Development");
        await using var scope = services.CreateAsyncScope();
        var clients = scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>();
        var demo = (await clients.FindByClientIdAsync("demo", TestContext.Current.CancellationToken))!;
        var descriptor = new OpenIddictApplicationDescriptor();
        await clients.PopulateAsync(descriptor, demo, TestContext.Current.CancellationToken);
        descriptor.ClientId = "by-certificate";
        descriptor.ClientSecret = certificate is null ? Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32)) : null;
        descriptor.JsonWebKeySet = certificate is null ? null : Platform.Api.Commands.ClientKeys.Of(certificate);
        if (subject is not null)
        {
            descriptor.Properties["tls_client_auth_subject_dn"] = System.Text.Json.JsonSerializer.SerializeToElement(subject);
        }

        await clients.CreateAsync(descriptor, TestContext.Current.CancellationToken);
    }

    private static Action<HttpRequestMessage> With(X509Certificate2 certificate) =>
        request =>
        {
            request.Headers.TryAddWithoutValidation("Client-Cert", $":{Convert.ToBase64String(certificate.RawData)}:");
            request.Headers.Remove("X-Forwarded-Proto");
            request.Headers.TryAddWithoutValidation("X-Forwarded-Proto", "https");
        };

    private static HttpRequestMessage Request(string url, X509Certificate2? forwarded)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, url)
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["client_id"] = "by-certificate" }),
        };
        if (forwarded is not null)
        {
            With(forwarded)(request);
        }

        return request;
    }

    private static Task<HttpResponseMessage> RequestAsync(HttpClient client) =>
        client.SendAsync(Request(new Uri(client.BaseAddress!, "/connect/token").AbsoluteUri, null), TestContext.Current.CancellationToken);

    private static async Task<string> TokenAsync(HttpClient client)
    {
        using var response = await RequestAsync(client);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return (await response.JsonAsync())["access_token"]!.GetValue<string>();
    }

    private static Task<HttpResponseMessage> GetAsync(HttpClient client, string token)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, Path);
        request.Headers.Authorization = new("Bearer", token);
        return client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string token)
    {
        using var answer = await GetAsync(client, token);
        return answer.StatusCode;
    }

    private static async Task<HttpStatusCode> StatusAsync(BoundApi api, string token, Action<HttpRequestMessage>? change)
    {
        using var answer = await api.GetAsync(Path, "Bearer", token, change: change);
        return answer.StatusCode;
    }
}

using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Security.KeyVault.Secrets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Platform.Secrets.Tests.Envelope;

/// <summary>
/// A server that answers as Azure Key Vault does (Key Vault REST API 7.6: Get Secret, Get Secret Versions with pages, the challenge of a request without a token), for the
/// unmodified client of Azure.Security.KeyVault.Secrets.
/// </summary>
internal sealed class VaultStandIn : IAsyncDisposable
{
    private const string Token = "a token of the stand-in";

    private readonly X509Certificate2 _certificate;
    private readonly WebApplication _app;
    private readonly List<Version> _versions = [];
    private readonly Lock _gate = new();

    private VaultStandIn(X509Certificate2 certificate)
    {
        _certificate = certificate;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    /// <summary>Away: each request is told 503.</summary>
    public bool Away { get; set; }

    /// <summary>How many values were asked for.</summary>
    public int Reads { get; private set; }

    public Uri Address => new(_app.Urls.First());

    public static async Task<VaultStandIn> StartAsync()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=vault", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(2));
        var vault = new VaultStandIn(X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null));
        await vault._app.StartAsync();
        return vault;
    }

    /// <summary>A client that trusts the stand-in's certificate and nothing else, and does not try again.</summary>
    public SecretClient CreateClient()
    {
        var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, shown, _, _) => shown?.Thumbprint == _certificate.Thumbprint };
        return new SecretClient(Address, new StandInCredential(), new SecretClientOptions
        {
            Transport = new HttpClientTransport(new HttpClient(handler)),
            DisableChallengeResourceVerification = true,
            Retry = { MaxRetries = 0 },
        });
    }

    /// <summary>Adds a version; returns its name.</summary>
    public string Add(string value, bool enabled = true, DateTimeOffset? notBefore = null)
    {
        lock (_gate)
        {
            _versions.Add(new Version($"{_versions.Count + 1:x32}", value, enabled, 1_800_000_000 + _versions.Count, notBefore?.ToUnixTimeSeconds()));
            return _versions[^1].Name;
        }
    }

    public void Disable(string version)
    {
        lock (_gate)
        {
            var at = _versions.FindIndex(each => each.Name == version);
            _versions[at] = _versions[at] with { Enabled = false };
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _certificate.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (Away)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        if (context.Request.Headers.Authorization != $"Bearer {Token}")
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.Headers.WWWAuthenticate = "Bearer authorization=\"https://login.microsoftonline.com/stand-in\", resource=\"https://vault.azure.net\"";
            return;
        }

        Version[] versions;
        lock (_gate)
        {
            versions = [.. _versions];
        }

        // /secrets/{name}/versions[?$skiptoken=n] or /secrets/{name}/{version}
        var parts = context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (parts is ["secrets", var name, "versions"])
        {
            const int pageSize = 2;
            var from = int.TryParse(context.Request.Query["$skiptoken"], NumberStyles.None, CultureInfo.InvariantCulture, out var skip) ? skip : 0;
            await context.Response.WriteAsJsonAsync(new
            {
                value = versions.Skip(from).Take(pageSize).Select(version => new { id = IdOf(name, version), attributes = AttributesOf(version) }),
                nextLink = from + pageSize < versions.Length ? $"{Address}secrets/{name}/versions?api-version=7.6&$skiptoken={from + pageSize}" : null,
            });
        }
        else if (parts is ["secrets", var secret, var wanted] && Array.Find(versions, version => version.Name == wanted) is { Enabled: true } found)
        {
            Reads++;
            await context.Response.WriteAsJsonAsync(new { value = found.Value, id = IdOf(secret, found), attributes = AttributesOf(found) });
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            await context.Response.WriteAsJsonAsync(new { error = new { code = "SecretNotFound", message = "There is no such version." } });
        }
    }

    private string IdOf(string name, Version version) => $"{Address}secrets/{name}/{version.Name}";

    private static Dictionary<string, object> AttributesOf(Version version)
    {
        var attributes = new Dictionary<string, object> { ["enabled"] = version.Enabled, ["created"] = version.Created, ["updated"] = version.Created };
        if (version.NotBefore is { } notBefore)
        {
            attributes["nbf"] = notBefore;
        }

        return attributes;
    }

    private sealed record Version(string Name, string Value, bool Enabled, long Created, long? NotBefore);

    private sealed class StandInCredential : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new(Token, TimeProvider.System.GetUtcNow().AddHours(1));

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            ValueTask.FromResult(GetToken(requestContext, cancellationToken));
    }
}

using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Platform.TokenBinding.Tests.Support;

/// <summary>The API over TLS, with a certificate made for the test, asking clients for theirs.</summary>
internal sealed class TlsApi : WebApplicationFactory<Program>
{
    // Making a key takes longer than all else here. More of them than a test has parties: none has the key of another.
    private static readonly Lazy<RSAParameters>[] Keys = [.. Enumerable.Range(0, 12).Select(_ => new Lazy<RSAParameters>(() =>
    {
        using var made = RSA.Create(2048);
        return made.ExportParameters(true);
    }))];

    private static int _nextKey;

    private readonly X509Certificate2 _certificate = Certificate("CN=localhost", server: true);
    private readonly Dictionary<string, string> _settings;

    public TlsApi(string postgres, string redis, params (string Name, string Value)[] settings)
    {
        _settings = new(StringComparer.Ordinal)
        {
            ["environment"] = "Development",
            ["ConnectionStrings:platformdb"] = postgres,
            ["ConnectionStrings:redis"] = redis,
            ["Platform:Identity:Issuer"] = "https://issuer.test/",
            ["Platform:TokenBinding:Certificates:Enabled"] = "true",
        };
        foreach (var (name, value) in settings)
        {
            _settings[name] = value;
        }

        UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(_certificate)));
    }

    private static RSA NextKey() => RSA.Create(Keys[Interlocked.Increment(ref _nextKey) % Keys.Length].Value);

    /// <summary>An authority that signs certificates.</summary>
    public static X509Certificate2 Authority(string name)
    {
        using var key = NextKey();
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-2), now.AddDays(60));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }

    /// <summary>A client's certificate that an authority signed.</summary>
    public static X509Certificate2 SignedBy(X509Certificate2 authority, string name, DateTimeOffset? until = null)
    {
        using var key = NextKey();
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2")], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false));
        var now = TimeProvider.System.GetUtcNow();
        using var signed = request.Create(authority, now.AddDays(-1), until ?? now.AddDays(30), RandomNumberGenerator.GetBytes(8));
        using var made = signed.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }

    public Uri Address
    {
        get
        {
            StartServer();
            return new Uri(Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        }
    }

    /// <summary>A self-signed certificate with its key.</summary>
    public static X509Certificate2 Certificate(string name, bool server = false)
    {
        using var key = NextKey();
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(server ? "1.3.6.1.5.5.7.3.1" : "1.3.6.1.5.5.7.3.2")], false));
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }

    /// <summary>A client with a certificate of its own, or none.</summary>
    public HttpClient ClientWith(X509Certificate2? certificate)
    {
        var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true };
        if (certificate is not null)
        {
            handler.ClientCertificates.Add(certificate);
        }

        return new HttpClient(handler) { BaseAddress = Address };
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        foreach (var (name, value) in _settings)
        {
            builder.UseSetting(name, value);
        }

        builder.ConfigureLogging(logging => logging.ClearProviders());
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _certificate.Dispose();
    }
}

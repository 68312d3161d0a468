using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.Logging;

namespace Platform.Api.Tests.Support;

// The file is part of several test programs, and not all of them derive from it.
#pragma warning disable CA1852
/// <summary>Platform.Api as it is, on Kestrel and a free port.</summary>
internal class ApiServer : WebApplicationFactory<Program>
{
    public const string Issuer = "https://issuer.test/";
    public const string WebhookSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    public const string FormerWebhookSecret = "the secret that is being replaced";

    private readonly Dictionary<string, string> _settings;

    /// <summary>Prepares the server; the first client starts it.</summary>
    /// <param name="postgres">The connection string of <c>platformdb</c>.</param>
    /// <param name="redis">The connection string of Redis; nobody answers at the default.</param>
    /// <param name="port">A free one by default.</param>
    /// <param name="settings">Over those of the tests.</param>
    public ApiServer(string postgres, string redis = "127.0.0.1:1", int port = 0, params (string Name, string Value)[] settings)
    {
        _settings = Settings(postgres, redis);
        foreach (var (name, value) in settings)
        {
            _settings[name] = value;
        }

        UseKestrel(port);
    }

    /// <summary>What an API of the tests is configured with.</summary>
    public static Dictionary<string, string> Settings(string postgres, string redis) => new(StringComparer.OrdinalIgnoreCase)
    {
        ["environment"] = "Development",
        ["ConnectionStrings:platformdb"] = postgres,
        ["ConnectionStrings:redis"] = redis,
        ["Platform:Identity:Issuer"] = Issuer,
        ["Platform:Payments:Webhook:Secrets:0"] = WebhookSecret,
        ["Platform:Payments:Webhook:Secrets:1"] = FormerWebhookSecret,
        ["Platform:FeatureFlags:SnapshotFolder"] = "",
        ["Platform:Telemetry:Baggage:0"] = "tenant",
    };

    /// <summary>A client whose answers are held against the committed document.</summary>
    public new HttpClient CreateClient() => CreateClient(new ContractHandler());

    public HttpClient CreateClient(ContractHandler contract) => CreateDefaultClient(contract);

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        foreach (var (name, value) in _settings)
        {
            builder.UseSetting(name, value);
        }

        builder.ConfigureLogging(logging => logging.ClearProviders());
    }
}

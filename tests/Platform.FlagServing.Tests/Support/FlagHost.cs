using System.Security.Claims;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.FeatureFlags;
using Platform.ServiceDefaults.Errors;
using Platform.ServiceDefaults.FeatureFlags;
using Platform.ServiceDefaults.Identity;

namespace Platform.FlagServing.Tests.Support;

/// <summary>A web host on Kestrel with flags at its edge. Who sends <c>X-User</c> is that user, with the roles of <c>X-Roles</c>.</summary>
internal sealed class FlagHost : IAsyncDisposable
{
    private static readonly SocketsHttpHandler Handler = new() { UseCookies = false, AllowAutoRedirect = false };

    private readonly WebApplication _app;
    private long _version;

    private FlagHost(WebApplication app, HttpClient client)
    {
        _app = app;
        Client = client;
    }

    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    public LiveFlags Flags => Services.GetRequiredService<LiveFlags>();

    public static async Task<FlagHost> StartAsync(
        Action<WebApplication> map,
        Action<IServiceCollection>? services = null,
        Dictionary<string, string?>? settings = null,
        bool inMemory = false,
        bool tokens = false)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = typeof(FlagHost).Assembly.GetName().Name });
        builder.Configuration.AddInMemoryCollection(settings ?? []);
        builder.Logging.ClearProviders();
        if (inMemory)
        {
            builder.WebHost.UseTestServer(options => options.PreserveExecutionContext = true);
        }
        else
        {
            builder.WebHost.UseUrls("http://127.0.0.1:0");
        }

        builder.AddErrors();
        builder.Services.AddFlagEdge();
        if (tokens)
        {
            builder.AddPlatformAuthentication();
        }
        else
        {
            builder.Services.AddAuthentication("Test").AddScheme<AuthenticationSchemeOptions, HeaderUser>("Test", null);
            builder.Services.AddAuthorization();
        }

        services?.Invoke(builder.Services);
        var app = builder.Build();
        app.UseErrors();
        app.UseRouting();
        app.UsePlatformAuthentication();
        map(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        var client = inMemory ? app.GetTestClient() : new HttpClient(Handler, disposeHandler: false) { BaseAddress = new Uri(app.Urls.First()) };
        return new FlagHost(app, client);
    }

    /// <summary>Publishes a document.</summary>
    public FlagHost With(params FlagDefinition[] flags) => With(new FlagDocument { Flags = flags });

    /// <inheritdoc cref="With(FlagDefinition[])"/>
    public FlagHost With(FlagDocument document)
    {
        Flags.Publish(FlagSnapshot.Compile(
            document, Services.GetRequiredService<IOptions<FeatureFlagOptions>>().Value, Services.GetRequiredService<TimeProvider>(), version: ++_version, previous: Flags.Snapshot));
        return this;
    }

    public async Task<HttpResponseMessage> GetAsync(string path, string? user = null, string? roles = null, string? cookie = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in new[] { ("X-User", user), ("X-Roles", roles), ("Cookie", cookie) })
        {
            if (value is not null)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return await Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async Task<string> TextAsync(string path, string? user = null, string? roles = null, string? cookie = null)
    {
        using var response = await GetAsync(path, user, roles, cookie);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }

    public static JsonElement Json(string text) => JsonSerializer.Deserialize<JsonElement>(text);

    private sealed class HeaderUser(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            if (Request.Headers["X-User"].ToString() is not { Length: > 0 } user)
            {
                return Task.FromResult(AuthenticateResult.NoResult());
            }

            var roles = Request.Headers["X-Roles"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries);
            var identity = new ClaimsIdentity(
                [new Claim("sub", user), .. roles.Select(role => new Claim("roles", role)), new Claim("scope", "operate")],
                Scheme.Name);
            return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name)));
        }
    }
}

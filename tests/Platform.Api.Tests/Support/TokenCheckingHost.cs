using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.Identity;
using Platform.ServiceDefaults.Errors;
using Platform.ServiceDefaults.Identity;

namespace Platform.Api.Tests.Support;

/// <summary>A host like GraphQL or the worker: it only checks tokens, and asks the issuer for the keys.</summary>
internal sealed class TokenCheckingHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TokenCheckingHost(WebApplication app)
    {
        _app = app;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    public HttpClient Client { get; }

    /// <summary>How often somebody was asked who they are.</summary>
    public int Asked => _app.Services.GetRequiredService<StrongBox<int>>().Value;

    public static async Task<TokenCheckingHost> StartAsync(string issuer)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = Environments.Development });
        builder.Configuration["Platform:Identity:Issuer"] = issuer;
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddServiceDefaults();
        builder.Logging.ClearProviders();
        builder.AddErrors();
        builder.AddPlatformAuthentication();
        builder.Services.AddSingleton(new StrongBox<int>());
        builder.Services.AddScoped<IAuthenticationService, Counting>();

        var app = builder.Build();
        app.UseErrors();
        app.UsePlatformAuthentication();
        app.MapGet("/orders", () => "orders").RequireAuthorization(ApiScopes.OrdersRead);
        app.MapGet("/closed", () => "closed");
        app.MapGet("/open", (HttpContext http) => http.User.FindFirst("client_id")?.Value ?? "nobody").AllowAnonymous();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new TokenCheckingHost(app);
    }

    public async Task<HttpResponseMessage> GetAsync(string path, string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (token is not null)
        {
            request.Headers.Authorization = new("Bearer", token);
        }

        return await Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }

    private sealed class Counting(
        StrongBox<int> asked,
        IAuthenticationSchemeProvider schemes,
        IAuthenticationHandlerProvider handlers,
        IClaimsTransformation transform,
        IOptions<AuthenticationOptions> options)
        : AuthenticationService(schemes, handlers, transform, options)
    {
        public override Task<AuthenticateResult> AuthenticateAsync(HttpContext context, string? scheme)
        {
            Interlocked.Increment(ref asked.Value);
            return base.AuthenticateAsync(context, scheme);
        }
    }
}

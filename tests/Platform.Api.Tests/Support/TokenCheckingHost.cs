using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
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

    public static async Task<TokenCheckingHost> StartAsync(string issuer)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = Environments.Development });
        builder.Configuration["Platform:Identity:Issuer"] = issuer;
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddServiceDefaults();
        builder.Logging.ClearProviders();
        builder.AddErrors();
        builder.AddPlatformAuthentication();

        var app = builder.Build();
        app.UseErrors();
        app.UsePlatformAuthentication();
        app.MapGet("/orders", () => "orders").RequireAuthorization(ApiScopes.OrdersRead);
        app.MapGet("/closed", () => "closed");
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
}

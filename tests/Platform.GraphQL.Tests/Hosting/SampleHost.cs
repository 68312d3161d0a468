using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Platform.ServiceDefaults.Errors;

namespace Platform.GraphQL.Tests.Hosting;

/// <summary>The transport over <see cref="SampleSchema"/>, on Kestrel at a free port.</summary>
public sealed class SampleHost : IAsyncLifetime
{
    private readonly WebApplication _app;

    public SampleHost()
        : this(Environments.Production)
    {
    }

    internal SampleHost(string environment, params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.Configuration["Platform:GraphQL:Cost:Anonymous:PerRequest"] = "10300";
        builder.Configuration["Platform:GraphQL:Cost:Anonymous:PerMinute"] = "1000000000";
        builder.Configuration.AddInMemoryCollection(settings.Select(s => KeyValuePair.Create($"Platform:GraphQL:{s.Key}", (string?)s.Value)));
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        builder.AddErrors();
        builder.Services.AddAuthorization();
        builder.Services.AddSingleton(Ticks);
        builder.Services.AddGraphQLTransport<SampleSchema>();
        _app = builder.Build();
        _app.UseErrors();
        _app.UseWebSockets();
        _app.MapGraphQL();
    }

    /// <summary>Where GraphQL is.</summary>
    public Uri Url { get; private set; } = null!;

    public HttpClient Http { get; } = new();

    /// <summary>What the subscriptions of the schema tell.</summary>
    internal Ticks Ticks { get; } = new();

    public async ValueTask InitializeAsync()
    {
        await _app.StartAsync();
        var addresses = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        Url = new Uri(new Uri(addresses.Addresses.Single()), "/api/graphql/");
    }

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }
}

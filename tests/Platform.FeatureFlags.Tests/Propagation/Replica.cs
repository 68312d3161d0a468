using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Platform.Domain;
using Platform.Domain.Persistence;
using Platform.EntityFrameworkCore.FeatureFlags;

namespace Platform.FeatureFlags.Tests.Propagation;

/// <summary>A host as it is, with flags and nothing else.</summary>
internal sealed class Replica : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Replica(WebApplication app) => _app = app;

    public IFeatureFlags Flags => _app.Services.GetRequiredService<IFeatureFlags>();

    public LiveFlags Live => _app.Services.GetRequiredService<LiveFlags>();

    public IFlagStore Store => _app.Services.GetRequiredService<IFlagStore>();

    public IServiceProvider Services => _app.Services;

    public Uri Address => new(_app.Urls.First());

    public static async Task<Replica> StartAsync(
        string? postgres,
        string? redis = null,
        Action<WebApplicationBuilder>? configure = null,
        Action<WebApplication>? map = null,
        params (string Name, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = Environments.Development, ApplicationName = "replica" });
        var values = new Dictionary<string, string?> { ["Platform:FeatureFlags:SnapshotFolder"] = "", ["urls"] = "http://127.0.0.1:0" };
        values["ConnectionStrings:platformdb"] = postgres;
        values["ConnectionStrings:redis"] = redis;
        foreach (var (name, value) in settings)
        {
            values[name] = value;
        }

        builder.Configuration.AddInMemoryCollection(values);
        builder.AddServiceDefaults();
        builder.Logging.ClearProviders();
        if (redis is not null)
        {
            builder.AddRedisClient("redis");
        }

        if (postgres is not null)
        {
            builder.AddNpgsqlDbContext<PlatformDbContext>("platformdb", npgsql => npgsql.DisableRetry = true, options => options.UsePlatformConventions());
            builder.Services.AddFlagStore<PlatformDbContext>();
        }

        builder.AddFlags();
        configure?.Invoke(builder);
        var app = builder.Build();
        app.MapDefaultEndpoints();
        map?.Invoke(app);
        var replica = new Replica(app);
        try
        {
            await app.StartAsync();
        }
        catch
        {
            await replica.DisposeAsync();
            throw;
        }

        return replica;
    }

    public bool IsOn(string flag) => Flags.IsEnabled(flag, new FlagContext());

    /// <summary>Ends without anything that an orderly end does.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _app.DisposeAsync();
    }

    public Task StopAsync() => _app.StopAsync();
}

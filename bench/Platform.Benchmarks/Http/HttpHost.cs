using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Platform.Conditional;
using Platform.ServiceDefaults.Compression;
using Platform.ServiceDefaults.Conditional;
using Platform.ServiceDefaults.Errors;
using Platform.ServiceDefaults.Idempotency;
using Platform.ServiceDefaults.Identity;
using Platform.ServiceDefaults.RateLimiting;

namespace Platform.Benchmarks.Http;

/// <summary>A server to be measured, in a process of its own: bare Kestrel, or everything that stands before an endpoint. The endpoint is the same.</summary>
internal static class HttpHost
{
    public const string Command = "http-host";
    public const string Tag = "\"v1-bench\"";

    private static readonly Thing Shown = new(
        new Guid("01900000-0000-7000-8000-000000000001"), "Notebook A5", "NB-A5", 2.50m, "EUR", true, new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public static async Task RunAsync(string kind)
    {
        await using var app = kind is "bare" or "template" ? Bare(kind == "template") : Whole(kind);
        await app.StartAsync();
        await Console.Out.WriteLineAsync($"{ChildHost.Listening}{app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()}");
        await Console.Out.FlushAsync();
        await app.WaitForShutdownAsync();
    }

    // With what the project template of Aspire has for telemetry, or nothing.
    private static WebApplication Bare(bool isObserved)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        if (isObserved)
        {
            builder.Services.AddOpenTelemetry()
                .WithMetrics(static metrics => metrics.AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddRuntimeInstrumentation().AddPrometheusExporter())
                .WithTracing(static tracing => tracing.AddAspNetCoreInstrumentation().AddHttpClientInstrumentation());
        }

        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, HttpJson.Default));
        var app = builder.Build();
        app.MapGet("/things/{id:guid}", (Guid id) => TypedResults.Ok(Shown with { Id = id }));
        app.MapGet("/work", static async () => await Task.Delay(20));
        return app;
    }

    private static WebApplication Whole(string kind)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = Environments.Production });
        builder.Configuration["Platform:Telemetry:SampleRatio"] = kind == "logged" ? "1" : "0.1";
        builder.Configuration["Platform:RateLimiting:Classes:anonymous:Limit"] = "1000000000";
        builder.AddServiceDefaults();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration["Platform:Identity:Issuer"] = "https://issuer.example/";
        builder.AddErrors();
        builder.AddCompression();
        builder.AddRateLimits();
        builder.AddPlatformAuthentication();
        builder.Services.AddOptions<ConditionalOptions>();
        builder.Services.AddSingleton<VersionMemory>();
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, HttpJson.Default));
        var app = builder.Build();
        var logs = kind == "logged";
        var memory = app.Services.GetRequiredService<VersionMemory>();
        app.Lifetime.ApplicationStarted.Register(() => _ = ConfirmAsync(memory, app.Lifetime.ApplicationStopping));
        app.UseErrors();
        app.UseHeadRequests();
        app.UseRouting();
        app.UseLoadShedding();
        app.UseCompression();
        app.UseAddressRateLimits();
        app.UsePlatformAuthentication();
        app.UseConditionalRequests();
        app.UseRateLimits();
        app.UseIdempotency();
        app.MapDefaultEndpoints();
        app.MapGet("/things/{id:guid}", (Guid id, HttpContext http, ILogger<HttpSuite> logger) =>
            {
                http.ShowVersion(new Validators(Tag, Shown.UpdatedAt));
                if (logs)
                {
                    Log.Shown(logger, id);
                }

                return TypedResults.Ok(Shown with { Id = id });
            })
            .AllowAnonymous()
            .WithVersion("thing", _ => Task.FromResult<Validators?>(new Validators(Tag, Shown.UpdatedAt)));
        app.MapGet("/work", static async () => await Task.Delay(20)).AllowAnonymous();
        return app;
    }

    // What following the log of changes does, without a database.
    private static async Task ConfirmAsync(VersionMemory memory, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            memory.Confirm(TimeProvider.System.GetTimestamp());
            await Task.Delay(TimeSpan.FromMilliseconds(250), cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}

internal sealed record Thing(Guid Id, string Name, string Sku, decimal Amount, string Currency, bool Active, DateTimeOffset UpdatedAt);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Thing))]
internal sealed partial class HttpJson : JsonSerializerContext;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Showed {Id}")]
    public static partial void Shown(ILogger logger, Guid id);
}

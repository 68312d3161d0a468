using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Platform.FeatureFlags;
using Platform.ServiceDefaults.Errors;
using Platform.ServiceDefaults.FeatureFlags.Ofrep;
using Platform.ServiceDefaults.Identity;

namespace Platform.Benchmarks.Flags;

/// <summary>
/// What a front end's question about 200 flags of 50 users each costs over HTTP, and what it costs where the answer is the same as before. The client
/// is in the same process, so its work is in the processor's time of both.
/// </summary>
internal sealed class BulkRun(bool quick, TextWriter output)
{
    private const string Key = "key of the benchmark";
    private const string Path = "/ofrep/v1/evaluate/flags";
    private const string Question = """{"context":{"targetingKey":"0197a1c2-7f3e-7abc-8def-0123456789ab","country":"no","plan":"pro"}}""";
    private const int Rounds = 5;

    public async Task RunAsync(Dictionary<string, double> figures, FlagDocument document, CancellationToken cancellationToken)
    {
        await using var app = await StartAsync(document, cancellationToken);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        var requests = quick ? 500 : 2_000;
        var (_, tag) = await AskAsync(client, null, cancellationToken);
        await MeasureAsync(client, null, requests, [], cancellationToken);
        await MeasureAsync(client, tag, requests, [], cancellationToken);
        List<double> ratios = [], fresh = [];
        for (var round = 0; round < Rounds; round++)
        {
            var full = await MeasureAsync(client, null, requests, fresh, cancellationToken);
            var same = await MeasureAsync(client, tag, requests, [], cancellationToken);
            ratios.Add(full / same);
        }

        fresh.Sort();
        ratios.Sort();
        figures["bulk_p99_ms"] = fresh[fresh.Count * 99 / 100];
        figures["bulk_304_speedup"] = ratios[Rounds / 2];
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"bulk answer of {document.Flags.Count} flags: p99 {figures["bulk_p99_ms"]:0.00} ms; 304 takes {figures["bulk_304_speedup"]:0.0} times less of the processor, client included"));
    }

    private static async Task<WebApplication> StartAsync(FlagDocument document, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = typeof(BulkRun).Assembly.GetName().Name });
        builder.Configuration.AddInMemoryCollection(
        [
            new("Platform:Identity:Issuer", "https://issuer.test/"),
            new("Platform:FeatureFlags:Ofrep:RequestsPerSecond", "1000000"),
            new("Platform:FeatureFlags:Ofrep:Burst", "1000000"),
            new("Platform:FeatureFlags:Ofrep:Keys:bench", Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Key)))),
        ]);
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddErrors();
        builder.AddPlatformAuthentication();
        builder.Services.AddOfrep();
        var app = builder.Build();
        app.UseErrors();
        app.UseRouting();
        app.UsePlatformAuthentication();
        app.MapOfrep();
        app.Services.GetRequiredService<LiveFlags>().Publish(FlagSnapshot.Compile(document, version: 1));
        await app.StartAsync(cancellationToken);
        return app;
    }

    private static async Task<double> MeasureAsync(HttpClient client, EntityTagHeaderValue? tag, int requests, List<double> times, CancellationToken cancellationToken)
    {
        var start = Environment.CpuUsage.TotalTime;
        for (var i = 0; i < requests; i++)
        {
            var begin = TimeProvider.System.GetTimestamp();
            var (status, _) = await AskAsync(client, tag, cancellationToken);
            times.Add(TimeProvider.System.GetElapsedTime(begin).TotalMilliseconds);
            if (status != (tag is null ? HttpStatusCode.OK : HttpStatusCode.NotModified))
            {
                throw new InvalidOperationException($"The answer was {status}.");
            }
        }

        return (Environment.CpuUsage.TotalTime - start).TotalMicroseconds / requests;
    }

    private static async Task<(HttpStatusCode Status, EntityTagHeaderValue? Tag)> AskAsync(HttpClient client, EntityTagHeaderValue? tag, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = new StringContent(Question, Encoding.UTF8, "application/json") };
        request.Headers.Add("X-API-Key", Key);
        if (tag is not null)
        {
            request.Headers.IfNoneMatch.Add(tag);
        }

        using var response = await client.SendAsync(request, cancellationToken);
        await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return (response.StatusCode, response.Headers.ETag);
    }
}

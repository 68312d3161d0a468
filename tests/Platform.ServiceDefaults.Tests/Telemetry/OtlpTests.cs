using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Platform.ServiceDefaults.Tests.Logging;
using Platform.ServiceDefaults.Tests.Support;

namespace Platform.ServiceDefaults.Tests.Telemetry;

public sealed class OtlpTests
{
    private static readonly ActivitySource Source = new("Platform.Tests");
    private static readonly Meter Meter = new("Platform.Tests");

    [Theory]
    [InlineData("http/protobuf", "/v1/traces", "/v1/metrics", "/v1/logs")]
    [InlineData(
        "grpc",
        "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
        "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
        "/opentelemetry.proto.collector.logs.v1.LogsService/Export")]
    public async Task Collector_gets_traces_metrics_and_logs(string protocol, string traces, string metrics, string logs)
    {
        await using var collector = await CollectorAsync(protocol);
        await using var app = await StartAsync(collector, protocol);
        using (var response = await app.Client.GetAsync("/work", TestContext.Current.CancellationToken))
        {
            response.EnsureSuccessStatusCode();
        }

        using (await app.Client.GetAsync("/healthz", TestContext.Current.CancellationToken))
        {
        }

        Flush(app);
        await Until.TrueAsync(() => new[] { traces, metrics, logs }.All(path => collector.Requests.Any(request => request.Path == path)), "all three signals");

        var spans = Text(collector, traces);
        Assert.Contains("test-shop", spans, StringComparison.Ordinal);
        Assert.Contains("GET /work", spans, StringComparison.Ordinal);
        Assert.Contains("platform.tests.span", spans, StringComparison.Ordinal);
        Assert.DoesNotContain("healthz", spans, StringComparison.Ordinal);

        var points = Text(collector, metrics);
        Assert.Contains("http.server.request.duration", points, StringComparison.Ordinal);
        Assert.Contains("platform.tests.count", points, StringComparison.Ordinal);
        Assert.Contains("dotnet.gc.collections", points, StringComparison.Ordinal);
        Assert.Contains("kestrel.active_connections", points, StringComparison.Ordinal);

        Assert.Contains("worked on a thing", Text(collector, logs), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Storm_of_records_is_collapsed_with_a_count()
    {
        await using var collector = await CollectorAsync("http/protobuf");
        var app = await TestApp.StartAsync(
            builder => builder.Logging.AddOpenTelemetry(),
            app => app.MapGet("/storm", (ILoggerFactory loggers) =>
            {
                for (var i = 0; i < 500; i++)
                {
                    loggers.CreateLogger("Shop").LogWarning("failed on {What}", $"thing-{i}-");
                }
            }),
            settings:
            [
                ("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", new Uri(collector.Address, "/v1/logs").ToString()),
                ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
                ("Platform:Logging:StormThreshold", "10"),
            ]);
        await using (app)
        {
            using var response = await app.Client.GetAsync("/storm", TestContext.Current.CancellationToken);
            response.EnsureSuccessStatusCode();
            await app.StopAsync(TestContext.Current.CancellationToken);
        }

        var sent = Text(collector, "/v1/logs");
        Assert.Contains("failed on thing-9-", sent, StringComparison.Ordinal);
        Assert.DoesNotContain("failed on thing-10-", sent, StringComparison.Ordinal);
        Assert.Contains("490 more like this: failed on {What}", sent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("grpc")]
    [InlineData("http/protobuf")]
    public async Task Collector_that_is_away_fails_no_request_and_no_stop(string protocol)
    {
        using var log = new LogCapture();
        await using var app = await TestApp.StartAsync(
            builder => builder.Logging.AddProvider(log.Provider),
            app => app.MapGet("/work", () => "done"),
            settings:
            [
                ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9"),
                ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol),
                ("OTEL_EXPORTER_OTLP_TIMEOUT", "500"),
            ]);
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal("done", await app.Client.GetStringAsync("/work", TestContext.Current.CancellationToken));
        }

        app.Services.GetRequiredService<TracerProvider>().ForceFlush(2_000);
        await app.StopAsync().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        // Sending telemetry is not telling of it: the exporter's own calls pass neither Polly nor the log.
        Assert.DoesNotContain(log.Lines(), line => line.Contains("127.0.0.1:9", StringComparison.Ordinal) || line.Contains("Polly", StringComparison.Ordinal));
    }

    // In a process of its own: here, the hosts of other tests listen to the same source and decide as well.
    [Theory]
    [InlineData("0", "00")]
    [InlineData("1", "01")]
    public async Task Sample_ratio_decides_on_new_traces(string ratio, string flags)
    {
        await using var host = await HostProcess.StartAsync("Platform.ServiceDefaults.TestHost", ("Platform__Telemetry__SampleRatio", ratio));

        Assert.EndsWith("-" + flags, await host.Client.GetStringAsync("/trace", TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static Task<TestApp> StartAsync(StubServer collector, string protocol)
    {
        var count = Meter.CreateCounter<int>("platform.tests.count");
        return TestApp.StartAsync(
            builder => builder.Logging.AddOpenTelemetry(),
            app => app.MapGet("/work", (ILoggerFactory loggers) =>
            {
                using var span = Source.StartActivity("platform.tests.span");
                count.Add(1);
                loggers.CreateLogger("Shop").LogWarning("worked on {What}", "a thing");
            }),
            settings:
            [
                ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address.ToString()),
                ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol),
                ("OTEL_SERVICE_NAME", "test-shop"),
            ]);
    }

    private static void Flush(TestApp app)
    {
        Assert.True(app.Services.GetRequiredService<TracerProvider>().ForceFlush(10_000));

        // Not asserted: the reader of /metrics is read when it is scraped, has nothing to flush, and says that it did not.
        app.Services.GetRequiredService<MeterProvider>().ForceFlush(10_000);
        Assert.True(app.Services.GetRequiredService<LoggerProvider>().ForceFlush(10_000));
    }

    private static string Text(StubServer collector, string path) =>
        string.Concat(collector.Requests.Where(request => request.Path == path).Select(request => Encoding.UTF8.GetString(request.Body)));

    private static Task<StubServer> CollectorAsync(string protocol) => protocol == "grpc"
        ? StubServer.StartAsync(
            async (context, _) =>
            {
                // An empty message, and the status in the trailer.
                context.Response.ContentType = "application/grpc";
                await context.Response.Body.WriteAsync(new byte[5], context.RequestAborted);
                context.Response.AppendTrailer("grpc-status", "0");
            },
            HttpProtocols.Http2)
        : StubServer.StartAsync((context, _) =>
        {
            context.Response.ContentType = "application/x-protobuf";
            return Task.CompletedTask;
        });
}

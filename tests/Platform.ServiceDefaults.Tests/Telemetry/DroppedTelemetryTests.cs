using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;
using OpenTelemetry.Trace;
using Platform.ServiceDefaults.Telemetry;
using Platform.ServiceDefaults.Telemetry.Export;
using Platform.ServiceDefaults.Tests.Support;

namespace Platform.ServiceDefaults.Tests.Telemetry;

public sealed class DroppedTelemetryTests
{
    private const int Requests = 30;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("http/protobuf", null)]
    [InlineData("http/protobuf", "gzip")]
    [InlineData("grpc", null)]
    public async Task What_a_collector_refuses_is_counted(string protocol, string? compression)
    {
        var (spans, records) = (ExportTelemetry.Count("traces", ExportTelemetry.NotTaken), ExportTelemetry.Count("logs", ExportTelemetry.NotTaken));
        await using var collector = protocol == "grpc"
            ? await StubServer.StartAsync(
                (context, _) =>
                {
                    // Trailers alone: unavailable.
                    context.Response.ContentType = "application/grpc";
                    context.Response.Headers["grpc-status"] = "14";
                    return Task.CompletedTask;
                },
                HttpProtocols.Http2)
            : await StubServer.StartAsync((context, _) =>
            {
                context.Response.StatusCode = 503;
                return Task.CompletedTask;
            });
        await using var app = await TestApp.StartAsync(
            builder => builder.Logging.AddOpenTelemetry(),
            app => app.MapGet("/work", (ILoggerFactory loggers) => loggers.CreateLogger("Shop").LogWarning("worked")),
            settings:
            [
                ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address.ToString()),
                ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol),
                ("OTEL_EXPORTER_OTLP_COMPRESSION", compression),
            ]);
        for (var i = 0; i < Requests; i++)
        {
            using var response = await app.Client.GetAsync("/work", Cancel);
        }

        app.Services.GetRequiredService<TracerProvider>().ForceFlush(10_000);
        app.Services.GetRequiredService<LoggerProvider>().ForceFlush(10_000);
        await Until.TrueAsync(
            () => ExportTelemetry.Count("traces", ExportTelemetry.NotTaken) >= spans + Requests
                && ExportTelemetry.Count("logs", ExportTelemetry.NotTaken) >= records + Requests,
            "what was refused to be counted");
        var metrics = await app.Client.GetStringAsync("/metrics", Cancel);
        Assert.Contains(metrics.Split('\n'), line => line.StartsWith("platform_telemetry_dropped_total", StringComparison.Ordinal)
            && line.Contains("reason=\"not_taken\"", StringComparison.Ordinal)
            && line.Contains("signal=\"traces\"", StringComparison.Ordinal)
            && !line.EndsWith(" 0", StringComparison.Ordinal));
    }

    [Fact]
    public void Whatever_stands_in_a_request_is_counted_or_not_and_never_throws()
    {
        var random = new Random(20261126);
        var body = new byte[512];
        for (var i = 0; i < 20_000; i++)
        {
            random.NextBytes(body);
            Assert.InRange(OtlpItems.Count(body.AsSpan(0, random.Next(body.Length)), framed: false, zipped: false), 0, body.Length);
        }

        // One resource with one scope with two items, the first of them empty, beside fields of other types.
        Assert.Equal(2, OtlpItems.Count([0x0A, 0x0B, 0x08, 0x01, 0x12, 0x07, 0x12, 0x00, 0x12, 0x03, 0x01, 0x02, 0x03], framed: false, zipped: false));
    }
}

using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Platform.Redaction;
using Platform.ServiceDefaults.Redaction;
using Platform.ServiceDefaults.Tests.Logging;
using Platform.ServiceDefaults.Tests.Support;

namespace Platform.ServiceDefaults.Tests.Redaction;

/// <summary>A host tells of itself without telling of persons: what it sends, prints and shows is searched for marked values.</summary>
public sealed class SafeTelemetryTests
{
    private const string Mail = "canary.marker@personal-canary.org";
    private const string Card = "4012-8888-8888-1881";
    private const string Name = "Zebulon Quackenbush";
    private const string Secret = "v3ry-S3cret-canary";

    private static readonly string[] Canaries = ["marker@personal", "8888-1881", "Quackenbush", "S3cret-canary"];
    private static readonly ActivitySource Source = new("Platform.Tests.Canary");
    private static readonly Meter Meter = new("Platform.Tests.Canary");

    [Theory]
    [InlineData("http/protobuf", null)]
    [InlineData("http/protobuf", "gzip")]
    [InlineData("grpc", null)]
    public async Task Spans_log_records_and_metrics_are_sent_without_personal_data(string protocol, string? compression)
    {
        await using var collector = await StubServer.StartAsync(
            async (context, _) =>
            {
                context.Response.ContentType = protocol == "grpc" ? "application/grpc" : "application/x-protobuf";
                if (protocol == "grpc")
                {
                    await context.Response.Body.WriteAsync(new byte[5], context.RequestAborted);
                    context.Response.AppendTrailer("grpc-status", "0");
                }
            },
            protocol == "grpc" ? HttpProtocols.Http2 : HttpProtocols.Http1);
        using var log = new LogCapture();
        var count = Meter.CreateCounter<int>("platform.tests.canary");
        var time = Meter.CreateHistogram<double>("platform.tests.canary.time");
        await using var app = await TestApp.StartAsync(
            builder =>
            {
                // The test's host cleared its providers.
                builder.Logging.AddOpenTelemetry();
                builder.Services.RedactScopes();
                builder.Logging.AddProvider(log.Provider);
            },
            app => app.MapGet("/work/{what}", (ILoggerFactory loggers) =>
            {
                Work(loggers.CreateLogger("Shop"));
                count.Add(1, new("who", Mail), new("kept", "yes"), new("many", new[] { Card, "other" }));
                time.Record(1, new KeyValuePair<string, object?>("who", Mail));
            }),
            settings:
            [
                ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address.ToString()),
                ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol),
                ("OTEL_EXPORTER_OTLP_COMPRESSION", compression),
            ]);

        // That something was clean before spares nothing that comes after it.
        foreach (var what in (string[])["clean", "clean", Mail, Mail])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/work/{Uri.EscapeDataString(what)}?who={what}");
            request.Headers.Add("X-Correlation-Id", Card);
            using var response = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);
            response.EnsureSuccessStatusCode();
        }

        Assert.True(app.Services.GetRequiredService<TracerProvider>().ForceFlush(10_000));
        Assert.True(app.Services.GetRequiredService<LoggerProvider>().ForceFlush(10_000));
        var metrics = await app.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);

        // The reader of /metrics has nothing to flush, and says that it did not.
        app.Services.GetRequiredService<MeterProvider>().ForceFlush(10_000);
        await Until.TrueAsync(() => Sent(collector, "etrics").Contains("platform.tests.canary", StringComparison.Ordinal), "the metrics");
        var sent = Sent(collector, "");
        var points = Sent(collector, "etrics");
        Assert.Contains("c***@p***.org", points, StringComparison.Ordinal);
        Assert.Contains("yes", points, StringComparison.Ordinal);
        Assert.Contains("platform.tests.canary.time", points, StringComparison.Ordinal);

        Assert.Contains("registered", sent, StringComparison.Ordinal);
        Assert.Contains("it failed for c***@p***.org", sent, StringComparison.Ordinal);
        Assert.Contains("platform_tests_canary", metrics, StringComparison.Ordinal);
        var printed = string.Join('\n', log.Lines());
        Assert.Contains("Z*** Q***", printed, StringComparison.Ordinal);
        foreach (var canary in Canaries)
        {
            Assert.DoesNotContain(canary, sent, StringComparison.Ordinal);
            Assert.DoesNotContain(canary, printed, StringComparison.Ordinal);
            Assert.DoesNotContain(canary, metrics, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_request_of_metrics_with_nothing_to_redact_is_left_alone_and_one_that_cannot_be_read_is_not_sent()
    {
        var redactor = new Redactor(new PiiDetector(), RedactionPolicy.For(RedactionAudience.Telemetry));
        Assert.Null(SafeMetrics.Redact([], framed: false, zipped: false, redactor));
        Assert.Null(SafeMetrics.Redact([0x0A, 0x04, 0x12, 0x02, 0x12, 0x00], framed: false, zipped: false, redactor));

        var random = new Random(20261126);
        var body = new byte[256];
        for (var i = 0; i < 20_000; i++)
        {
            random.NextBytes(body);
            try
            {
                SafeMetrics.Redact(body.AsSpan(0, random.Next(body.Length)), framed: false, zipped: false, redactor);
            }
            catch (InvalidDataException)
            {
                // Refused, which is all that may happen.
            }
        }
    }

    private static string Sent(StubServer collector, string path) => string.Concat(collector.Requests
        .Where(request => request.Path.Contains(path, StringComparison.Ordinal)).Select(request => Encoding.UTF8.GetString(Plain(request.Body, request.Headers))));

    private static byte[] Plain(byte[] body, IHeaderDictionary headers)
    {
        if (headers.ContentEncoding != "gzip")
        {
            return body;
        }

        using var gzip = new GZipStream(new MemoryStream(body), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        gzip.CopyTo(plain);
        return plain.ToArray();
    }

    [Fact]
    public void A_log_line_that_is_cut_in_the_middle_of_a_value_shows_no_part_of_it()
    {
        using var log = new LogCapture();
#pragma warning disable CA2254 // An interpolated template is what is tested.
        log.Logger.LogInformation(new string('x', (8 * 1024) - 10) + " " + Mail);
#pragma warning restore CA2254

        Assert.DoesNotContain("canary", Assert.Single(log.Lines()), StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_are_redacted_by_their_names()
    {
        using var log = new LogCapture();
        log.Logger.LogInformation("Called {Phone} at {Offset}", 5551234567L, 5551234567L);

        var line = log.Single();
        Assert.Equal("***-***-4567", line.GetProperty("state").GetProperty("Phone").GetString());
        Assert.Equal(5551234567L, line.GetProperty("state").GetProperty("Offset").GetInt64());
    }

    private static void Work(ILogger logger)
    {
        using var span = Source.StartActivity($"mail {Mail}")!;
        span.SetTag("mail", Mail).SetTag("customerName", Name).SetTag("server.address", "127.0.0.1").SetTag("cards", new[] { Card, "other" });
        span.AddEvent(new ActivityEvent($"charged {Card}", tags: new ActivityTagsCollection { ["card"] = Card, ["kept"] = "yes" }));
        span.AddLink(new ActivityLink(span.Context, new ActivityTagsCollection { ["password"] = Secret }));
        var failure = Thrown();
        span.AddException(failure);
        span.SetStatus(ActivityStatusCode.Error, failure.Message);
        using (logger.BeginScope(new Dictionary<string, object?> { ["Mail"] = Mail, ["CustomerName"] = Name }))
        using (logger.BeginScope("working for {Mail}", Mail))
        {
            logger.LogInformation("Customer {CustomerName} registered with {Mail}", Name, Mail);
            logger.LogError(failure, "{@Person} {Values} failed with password={Password}", new Person { FullName = Name, Mail = Mail }, new[] { Mail, Card }, Secret);
#pragma warning disable CA2254, CA1848 // What people do in spite of it.
            logger.LogWarning($"of {Mail} and {Card}");
#pragma warning restore CA2254, CA1848
        }
    }

    private static InvalidOperationException Thrown()
    {
        try
        {
            throw new InvalidOperationException($"it failed for {Mail}", new FormatException($"the card {Card} password={Secret}"));
        }
        catch (InvalidOperationException e)
        {
            return e;
        }
    }

    internal sealed class Person
    {
        [Personal(PiiType.PersonName)]
        public string FullName { get; init; } = "";

        [Personal(PiiType.Email)]
        public string Mail { get; init; } = "";

        public override string ToString() => $"{FullName} <{Mail}>";
    }
}

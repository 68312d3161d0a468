using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;
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

    [Fact]
    public async Task Spans_and_log_records_are_sent_without_personal_data()
    {
        await using var collector = await StubServer.StartAsync((context, _) =>
        {
            context.Response.ContentType = "application/x-protobuf";
            return Task.CompletedTask;
        });
        using var log = new LogCapture();
        var count = Meter.CreateCounter<int>("platform.tests.canary");
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
                count.Add(1, new KeyValuePair<string, object?>("who", Mail));
            }),
            settings:
            [
                ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address.ToString()),
                ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ]);
        using (var response = await app.Client.GetAsync($"/work/{Uri.EscapeDataString(Mail)}?who={Mail}", TestContext.Current.CancellationToken))
        {
            response.EnsureSuccessStatusCode();
        }

        Assert.True(app.Services.GetRequiredService<TracerProvider>().ForceFlush(10_000));
        Assert.True(app.Services.GetRequiredService<LoggerProvider>().ForceFlush(10_000));
        var metrics = await app.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        var sent = string.Concat(collector.Requests.Where(request => request.Path is "/v1/traces" or "/v1/logs").Select(request => Encoding.UTF8.GetString(request.Body)));

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

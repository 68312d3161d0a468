using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Platform.FeatureFlags.Tests;

/// <summary>By itself, as whoever listens in the same process would be heard of here.</summary>
[CollectionDefinition(nameof(FlagTelemetryTests), DisableParallelization = true)]
public sealed class AloneCollection;

/// <summary>Evaluations as metrics, on spans and in logs, by the semantic conventions; and for nothing where nobody listens.</summary>
[Collection(nameof(FlagTelemetryTests))]
public sealed class FlagTelemetryTests
{
    private static readonly FlagDefinition Flag = new()
    {
        Name = "told",
        Everyone = true,
        Variants = [new VariantDefinition { Name = "red", Weight = 100 }],
    };

    [Fact]
    public void Every_evaluation_is_counted_with_flag_variant_and_reason()
    {
        var counted = new List<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == FlagTelemetry.Name)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            var text = string.Join(' ', tags.ToArray().Select(tag => tag.Value));
            if (text.StartsWith("told ", StringComparison.Ordinal) || text.StartsWith("(undefined) ", StringComparison.Ordinal))
            {
                lock (counted)
                {
                    counted.Add($"{value} {text}");
                }
            }
        });
        listener.Start();
        var flags = Flags();
        flags.IsEnabled("told", Make.User("1"));
        flags.IsEnabled("never_defined", Make.User("1"));
        Assert.Contains("1 told red static", counted);
        Assert.Contains("1 (undefined) off default", counted);
    }

    [Fact]
    public void Span_at_hand_has_one_event_a_flag_and_never_who_asked()
    {
        using var source = new ActivitySource("test of flags");
        using var listener = new ActivityListener
        {
            ShouldListenTo = candidate => candidate.Name is "test of flags" or FlagTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(listener);
        var flags = Flags();
        using var span = source.StartActivity("request")!;
        for (var i = 0; i < 3; i++)
        {
            flags.Evaluate("told", Make.User("ada.moreau"));
            flags.IsEnabled("never_defined", Make.User("ada.moreau"));
        }

        Assert.Equal(["told", "never_defined"], span.Events.Select(told => told.Tags.Single(tag => tag.Key == "feature_flag.key").Value));
        var first = span.Events.First();
        Assert.Equal("feature_flag.evaluation", first.Name);
        Assert.Equal(
            ["feature_flag.key=told", "feature_flag.result.variant=red", "feature_flag.result.reason=static", "feature_flag.provider.name=platform", "feature_flag.version=7"],
            first.Tags.Select(tag => $"{tag.Key}={tag.Value}"));
        Assert.Contains(span.Events.Last().Tags, tag => tag is { Key: "error.type", Value: "flag_not_found" });
        Assert.DoesNotContain(span.Events.SelectMany(told => told.Tags), tag => tag.Value?.ToString()?.Contains("ada", StringComparison.Ordinal) is true);
    }

    [Fact]
    public void Log_takes_as_many_events_as_the_ratio_says()
    {
        var log = new Kept();
        var flags = Flags(log, 0.1);
        for (var i = 0; i < 5_000; i++)
        {
            flags.IsEnabled("told", Make.User("1"));
        }

        Assert.InRange(log.Events.Count, 350, 700);
        Assert.All(log.Events, told => Assert.Equal("feature_flag.evaluation", told.Id.Name));
        Assert.Contains(log.Events[0].Fields, field => field is { Key: "feature_flag.key", Value: "told" });
    }

    [Fact]
    public void Nothing_is_allocated_where_nobody_listens()
    {
        var flags = Flags();
        var caller = Make.User("1");
        flags.IsEnabled("told", caller);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            flags.IsEnabled("told", caller);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static LiveFlags Flags(ILogger<FlagTelemetry>? logger = null, double ratio = 0)
    {
        var flags = new LiveFlags(FlagSnapshot.Compile(Make.Document(Flag), version: 7));
        flags.Tell(new FlagTelemetry(logger ?? NullLogger<FlagTelemetry>.Instance, ratio));
        return flags;
    }

    private sealed class Kept : ILogger<FlagTelemetry>
    {
        public List<(EventId Id, IReadOnlyList<KeyValuePair<string, object?>> Fields)> Events { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Events.Add((eventId, (IReadOnlyList<KeyValuePair<string, object?>>)state!));
    }
}

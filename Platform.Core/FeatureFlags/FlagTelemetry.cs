using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace Platform.FeatureFlags;

/// <summary>
/// Tells of evaluations by OpenTelemetry's semantic conventions for feature flags (<c>feature_flag.evaluation</c>): a counter of all, an event on
/// the span at hand, and a sampled log event. Costs a few reads while nobody listens, and allocates nothing then. Thread safe.
/// </summary>
public sealed class FlagTelemetry
{
    /// <summary>The name of source and meter.</summary>
    public const string Name = "Platform.FeatureFlags";

    internal const string EventName = "feature_flag.evaluation";
    internal const string KeyTag = "feature_flag.key";
    internal const string VariantTag = "feature_flag.result.variant";
    internal const string ValueTag = "feature_flag.result.value";
    internal const string ReasonTag = "feature_flag.result.reason";
    internal const string ProviderTag = "feature_flag.provider.name";
    internal const string VersionTag = "feature_flag.version";
    internal const string ErrorTag = "error.type";

    private const string Provider = "platform";

    // What a span tells at most; a request that asks more flags than this tells of the first ones.
    private const int EventsOfSpan = 32;

    // Names that nobody defined come from outside now and then, and would each be a series of their own.
    private const string Undefined = "(undefined)";

    private static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> Evaluations = Meter.CreateCounter<long>(
        "platform.feature_flag.evaluations", "{evaluation}", "Questions that flags answered.");

    private readonly ILogger _logger;
    private readonly double _logRatio;

    /// <summary>Tells a logger too.</summary>
    /// <param name="logger">Takes a log event of some evaluations, at level Information.</param>
    /// <param name="logRatio">Of how many, from 0 (none) to 1 (all).</param>
    public FlagTelemetry(ILogger<FlagTelemetry> logger, double logRatio)
    {
        ArgumentNullException.ThrowIfNull(logger);
        ArgumentOutOfRangeException.ThrowIfNegative(logRatio);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(logRatio, 1);
        _logger = logger;
        _logRatio = logRatio;
    }

    /// <summary>Somebody may want to hear of an evaluation.</summary>
    internal bool Listens => Evaluations.Enabled || Source.HasListeners() || _logRatio > 0;

    /// <summary>Tells of one evaluation.</summary>
    internal void Tell(string flag, FlagDecision decision, long version)
    {
        if (Evaluations.Enabled)
        {
            Evaluations.Add(
                1,
                new(KeyTag, decision.Reason == FlagReason.Unknown ? Undefined : flag),
                new(VariantTag, decision.Variant?.Name ?? (decision.Enabled ? "on" : "off")),
                new(ReasonTag, ReasonOf(decision.Reason)));
        }

        if (Source.HasListeners() && Activity.Current is { IsAllDataRequested: true } span)
        {
            Mark(span, flag, decision, version);
        }

        if (_logRatio > 0 && (_logRatio >= 1 || Random.Shared.NextDouble() < _logRatio) && _logger.IsEnabled(LogLevel.Information))
        {
            _logger.Log(LogLevel.Information, new EventId(1, EventName), new Fields(flag, decision, version), null, static (fields, _) => fields.ToString());
        }
    }

    /// <summary>The conventions' word for what decided.</summary>
    internal static string ReasonOf(FlagReason reason) => reason switch
    {
        FlagReason.Unknown => "default",
        FlagReason.Invalid => "error",
        FlagReason.Killed or FlagReason.Disabled => "disabled",
        FlagReason.Everyone => "static",
        FlagReason.Percent => "split",
        FlagReason.Remembered => "cached",
        FlagReason.NoMatch => "default",
        _ => "targeting_match",
    };

    private static void Mark(Activity span, string flag, FlagDecision decision, long version)
    {
        var count = 0;
        foreach (ref readonly var told in span.EnumerateEvents())
        {
            if (told.Name != EventName)
            {
                continue;
            }

            foreach (ref readonly var tag in told.EnumerateTagObjects())
            {
                if (tag.Key == KeyTag && (string?)tag.Value == flag)
                {
                    return;
                }
            }

            if (++count >= EventsOfSpan)
            {
                return;
            }
        }

        span.AddEvent(new ActivityEvent(EventName, tags: [.. new Fields(flag, decision, version)]));
    }

    /// <summary>The attributes of an event. Never who asked: that is personal data.</summary>
    private sealed class Fields : List<KeyValuePair<string, object?>>
    {
        public Fields(string flag, FlagDecision decision, long version)
        {
            Add(new(KeyTag, flag));
            Add(decision.Variant is { } variant ? new(VariantTag, variant.Name) : new(ValueTag, decision.Enabled));
            Add(new(ReasonTag, ReasonOf(decision.Reason)));
            Add(new(ProviderTag, Provider));
            Add(new(VersionTag, version));
            if (decision.Reason is FlagReason.Unknown or FlagReason.Invalid)
            {
                Add(new(ErrorTag, decision.Reason == FlagReason.Unknown ? "flag_not_found" : "parse_error"));
            }
        }

        public override string ToString() => $"Flag {this[0].Value} answered {this[1].Value}: {this[2].Value}";
    }
}

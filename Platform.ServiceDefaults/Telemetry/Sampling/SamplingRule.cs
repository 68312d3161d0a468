using System.Globalization;
using Microsoft.Extensions.Configuration;
using OpenTelemetry.Trace;

namespace Platform.ServiceDefaults.Telemetry.Sampling;

/// <summary>Which sampler holds.</summary>
internal static class SamplingRule
{
    // OpenTelemetry specification, "General SDK configuration".
    private const string SamplerKey = "OTEL_TRACES_SAMPLER";
    private const string ArgumentKey = "OTEL_TRACES_SAMPLER_ARG";

    public static Sampler Of(TelemetryOptions options, IConfiguration configuration)
    {
        if (options.Sampler is { } sampler)
        {
            return Of(sampler, options.SampleRatio ?? 1);
        }

        if (options.SampleRatio is { } share)
        {
            return Of(TraceSampler.ParentBased, share);
        }

        var ratio = double.TryParse(configuration[ArgumentKey], NumberStyles.Float, CultureInfo.InvariantCulture, out var given) && given is >= 0 and <= 1 ? given : 1;
        return configuration[SamplerKey]?.Trim().ToLowerInvariant() switch
        {
            "always_off" => Of(TraceSampler.AlwaysOff, 0),
            "traceidratio" => Of(TraceSampler.Ratio, ratio),
            "parentbased_always_on" => Of(TraceSampler.ParentBased, 1),
            "parentbased_always_off" => Of(TraceSampler.ParentBased, 0),
            "parentbased_traceidratio" => Of(TraceSampler.ParentBased, ratio),
            _ => Of(TraceSampler.AlwaysOn, 1),
        };
    }

    private static Sampler Of(TraceSampler sampler, double ratio) => sampler switch
    {
        TraceSampler.Ratio => new TraceIdRatioBasedSampler(ratio),
        TraceSampler.ParentBased => new ParentBasedSampler(new TraceIdRatioBasedSampler(ratio)),
        TraceSampler.AlwaysOff => new AlwaysOffSampler(),
        _ => new AlwaysOnSampler(),
    };
}

using OpenTelemetry.Trace;

namespace Platform.ServiceDefaults.Telemetry.Sampling;

/// <summary>
/// Has what another sampler passes over be recorded all the same, and marked as not sampled: callees are told so, and <see cref="TailBuffer"/>
/// sends it only if it turns out to matter.
/// </summary>
internal sealed class TailSampler(Sampler first) : Sampler
{
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
    {
        var result = first.ShouldSample(samplingParameters);
        return result.Decision is SamplingDecision.Drop
            ? new SamplingResult(SamplingDecision.RecordOnly, result.Attributes, result.TraceStateString!)
            : result;
    }
}

using System.Collections.Frozen;
using System.Diagnostics;
using Microsoft.Extensions.Options;

namespace Platform.ServiceDefaults.Telemetry;

/// <summary>Reads the trace context of requests (W3C Trace Context and Baggage), and of the baggage only what is on the allow-list.</summary>
internal sealed class BaggageAllowList(IOptions<TelemetryOptions> options) : DistributedContextPropagator
{
    private const int MaxValueLength = 256;

    private readonly DistributedContextPropagator _w3c = CreateW3CPropagator();
    private readonly FrozenSet<string> _names = options.Value.Baggage.ToFrozenSet(StringComparer.Ordinal);

    public override IReadOnlyCollection<string> Fields => _w3c.Fields;

    public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter) => _w3c.Inject(activity, carrier, setter);

    public override void ExtractTraceIdAndState(object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState) =>
        _w3c.ExtractTraceIdAndState(carrier, getter, out traceId, out traceState);

    public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter)
    {
        if (_w3c.ExtractBaggage(carrier, getter) is not { } all)
        {
            return null;
        }

        List<KeyValuePair<string, string?>>? taken = null;
        foreach (var item in all)
        {
            if (_names.Contains(item.Key) && item.Value is { Length: <= MaxValueLength } && taken?.Exists(known => known.Key == item.Key) is not true)
            {
                (taken ??= []).Add(item);
            }
        }

        return taken;
    }
}

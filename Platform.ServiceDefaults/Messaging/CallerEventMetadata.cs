using System.Diagnostics;
using Platform.Identity;
using Platform.Messaging;
using Platform.Telemetry;

namespace Platform.ServiceDefaults.Messaging;

/// <summary>Events that a request sends off name its caller: the subject of its token.</summary>
internal sealed class CallerEventMetadata(ICallerAccessor callers) : IEventMetadata
{
    public string? CorrelationId => Activity.Current?.GetBaggageItem(MessagingTelemetry.CorrelationBaggage) ?? Correlation.Current;

    public string? Actor => callers.Current.Subject;
}

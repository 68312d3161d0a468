using System.Diagnostics;
using Platform.Identity;
using Platform.Messaging;
using Platform.Telemetry;

namespace Platform.ServiceDefaults.Identity;

// Events and the audit trail name who called, by id.
internal sealed class CallerMetadata(ICallerAccessor callers) : IEventMetadata
{
    public string? CorrelationId =>
        Activity.Current?.GetBaggageItem(MessagingTelemetry.CorrelationBaggage) ?? Correlation.Current;

    public string? Actor => callers.Current.Subject;
}

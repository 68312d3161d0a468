using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Platform.Messaging;
using Platform.ServiceDefaults.Identity;
using Platform.Telemetry;

namespace Platform.ServiceDefaults.Messaging;

/// <summary>Events that a request sends off name its caller: the subject of its token.</summary>
internal sealed class CallerEventMetadata(IHttpContextAccessor accessor) : IEventMetadata
{
    public string? CorrelationId => Activity.Current?.GetBaggageItem(MessagingTelemetry.CorrelationBaggage) ?? Correlation.Current;

    public string? Actor => accessor.HttpContext?.User.CallerId();
}

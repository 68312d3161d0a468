using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Platform.Messaging;
using Platform.Telemetry;

namespace Platform.ServiceDefaults.Identity;

// Events and the audit trail name who called: the subject of the token, which is an id.
internal sealed class CallerMetadata(IHttpContextAccessor http) : IEventMetadata
{
    public string? CorrelationId =>
        Activity.Current?.GetBaggageItem(MessagingTelemetry.CorrelationBaggage) ?? Correlation.Current;

    public string? Actor => http.HttpContext?.User is { Identity.IsAuthenticated: true } caller
        ? (caller.FindFirst("sub") ?? caller.FindFirst("client_id"))?.Value
        : null;
}

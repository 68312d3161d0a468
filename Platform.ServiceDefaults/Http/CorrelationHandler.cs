using Platform.Telemetry;

namespace Platform.ServiceDefaults.Http;

// Outgoing calls carry the id of the work that they belong to.
internal sealed class CorrelationHandler : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Stamp(request);
        return base.SendAsync(request, cancellationToken);
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Stamp(request);
        return base.Send(request, cancellationToken);
    }

    private static void Stamp(HttpRequestMessage request)
    {
        if (Correlation.Current is { } id && !request.Headers.Contains(HeaderNames.CorrelationId))
        {
            request.Headers.TryAddWithoutValidation(HeaderNames.CorrelationId, id);
        }
    }
}

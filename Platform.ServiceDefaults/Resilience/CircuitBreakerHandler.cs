using System.Net;
using Platform.Resilience;

namespace Platform.ServiceDefaults.Resilience;

/// <summary>Sends requests through a named breaker; 408 and 5xx are failures, and given on.</summary>
internal sealed class CircuitBreakerHandler(CircuitBreaker breaker) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        breaker.ExecuteAsync(token => base.SendAsync(request, token), static response => IsFailure(response.StatusCode), cancellationToken);

    private static bool IsFailure(HttpStatusCode status) => status >= HttpStatusCode.InternalServerError || status is HttpStatusCode.RequestTimeout;
}

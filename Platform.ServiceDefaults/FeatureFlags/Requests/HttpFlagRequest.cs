using Microsoft.AspNetCore.Http;
using Platform.FeatureFlags;

namespace Platform.ServiceDefaults.FeatureFlags;

/// <summary>What of a request can turn a flag.</summary>
internal sealed class HttpFlagRequest(HttpRequest request) : IFlagRequest
{
    public string? Query(string name) => request.Query.TryGetValue(name, out var values) ? values.FirstOrDefault() ?? "" : null;

    public string? Header(string name) => request.Headers.TryGetValue(name, out var values) ? values.FirstOrDefault() ?? "" : null;

    public string? Cookie(string name) => request.Cookies[name];
}

using Microsoft.AspNetCore.Http;
using Platform.FeatureFlags;

namespace Platform.ServiceDefaults.FeatureFlags.Callers;

internal sealed class HttpFlagRequest(HttpRequest request) : IFlagRequest
{
    public string? Query(string name) => request.Query.TryGetValue(name, out var value) ? value.ToString() : null;

    public string? Header(string name) => request.Headers.TryGetValue(name, out var value) ? value.ToString() : null;

    public string? Cookie(string name) => request.Cookies[name];
}

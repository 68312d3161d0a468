using Microsoft.AspNetCore.Builder;

namespace Platform.ServiceDefaults.Conditional;

/// <summary>Answers conditional requests (RFC 9110, section 13).</summary>
public static class ConditionalExtensions
{
    /// <summary>Answers HEAD wherever GET is answered; before routing.</summary>
    public static IApplicationBuilder UseHeadRequests(this IApplicationBuilder app) => app.UseMiddleware<HeadRequests>();

    /// <summary>
    /// Answers conditional requests of endpoints that have a version (<see cref="VersionedEndpointExtensions"/>); behind authorization. The host has a
    /// <c>VersionMemory</c>, which <c>AddChanges()</c> adds.
    /// </summary>
    public static IApplicationBuilder UseConditionalRequests(this IApplicationBuilder app) => app.UseMiddleware<ConditionalRequests>();
}

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Platform.Errors;
using Platform.FeatureFlags;
using Platform.FeatureFlags.Gates;
using Platform.ServiceDefaults.Errors;
using Platform.ServiceDefaults.FeatureFlags.Callers;

namespace Platform.ServiceDefaults.FeatureFlags.Gates;

/// <summary>Puts endpoints behind flags.</summary>
public static class FlagGateExtensions
{
    /// <summary>
    /// Serves an endpoint, or every endpoint of a group, only to callers for whom a flag is on. The others get a problem document (RFC 9457) of
    /// <see cref="FlagGateOptions.Status"/>, 404 by default. Several gates have to be open all at once.
    /// </summary>
    /// <remarks>The gate stands right before the endpoint: authorization has its say first, and the caller is known.</remarks>
    /// <param name="endpoints">Endpoint, group, controllers or pages.</param>
    /// <param name="gate"><c>name</c>, or <c>!name</c> where the flag has to be off.</param>
    /// <param name="status">The status while it is closed; by default that of the options.</param>
    public static TBuilder RequireFlag<TBuilder>(this TBuilder endpoints, string gate, int? status = null)
        where TBuilder : IEndpointConventionBuilder => endpoints.Guard(new FlagGateMetadata(FlagGate.Parse(gate), Checked(status)));

    /// <inheritdoc cref="RequireFlag{TBuilder}(TBuilder, string, int?)"/>
    /// <param name="endpoints">Endpoint, group, controllers or pages.</param>
    /// <param name="flag">The flag, declared.</param>
    /// <param name="status">The status while it is closed; by default that of the options.</param>
    public static TBuilder RequireFlag<TBuilder>(this TBuilder endpoints, Flag<bool> flag, int? status = null)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(flag);
        return endpoints.RequireFlag(flag.Name, status);
    }

    /// <summary>Sends callers for whom the gate is closed somewhere else (302, with <c>no-store</c>).</summary>
    /// <param name="endpoints">Endpoint, group, controllers or pages.</param>
    /// <param name="gate"><c>name</c>, or <c>!name</c> where the flag has to be off.</param>
    /// <param name="location">A path of this host, or an absolute address.</param>
    public static TBuilder RequireFlagOrRedirect<TBuilder>(this TBuilder endpoints, string gate, string location)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentException.ThrowIfNullOrEmpty(location);
        return endpoints.Guard(new FlagGateMetadata(FlagGate.Parse(gate), RedirectTo: location));
    }

    /// <summary>The caller that flags are asked for in this request.</summary>
    public static FlagContext GetFlagContext(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.RequestServices.GetRequiredService<HttpFlagCallers>().Of(context);
    }

    private static TBuilder Guard<TBuilder>(this TBuilder endpoints, FlagGateMetadata gate)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoints.Add(endpoint => endpoint.Metadata.Add(gate));

        // Last of all, when the endpoint's own delegate is there: so no middleware has to be remembered for the gate to hold.
        endpoints.Finally(endpoint =>
        {
            if (endpoint.RequestDelegate is { } inner)
            {
                endpoint.RequestDelegate = context => PassAsync(context, gate, inner);
            }
        });
        return endpoints;
    }

    private static Task PassAsync(HttpContext context, FlagGateMetadata gate, RequestDelegate inner)
    {
        var flags = context.RequestServices.GetRequiredService<IFeatureFlags>();
        if (gate.Gate.IsOpen(flags, context.GetFlagContext()))
        {
            return inner(context);
        }

        var response = context.Response;
        response.Headers.CacheControl = "no-store";
        if (gate.RedirectTo is { } location)
        {
            response.Redirect(location);
            return Task.CompletedTask;
        }

        var status = gate.Status ?? context.RequestServices.GetRequiredService<IOptions<FlagGateOptions>>().Value.Status;
        context.SetError(new ErrorException(ErrorCode.ForStatus(status), status == StatusCodes.Status404NotFound ? "There is nothing at this address." : null));
        response.StatusCode = status;
        return Task.CompletedTask;
    }

    private static int? Checked(int? status)
    {
        if (status is { } given)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(given, 400, nameof(status));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(given, 599, nameof(status));
        }

        return status;
    }
}

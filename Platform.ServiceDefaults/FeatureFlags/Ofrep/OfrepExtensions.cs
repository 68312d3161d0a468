using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Platform.FeatureFlags;
using Platform.Identity;
using Platform.ServiceDefaults.FeatureFlags.Streams;

namespace Platform.ServiceDefaults.FeatureFlags.Ofrep;

/// <summary>Serves flags to OpenFeature's OFREP providers, in any language, as they are.</summary>
public static class OfrepExtensions
{
    internal const string EvaluatePath = "/ofrep/v1/evaluate/flags";
    internal const string StreamPath = "/ofrep/v1/stream";

    private const string Schemes = $"{JwtBearerDefaults.AuthenticationScheme},{FlagKeys.SchemeName}";

    /// <summary>Adds the OpenFeature Remote Evaluation Protocol, version 0.3.0, and streams of changes.</summary>
    /// <remarks>The host adds its bearer authentication with <c>AddPlatformAuthentication()</c>.</remarks>
    public static IServiceCollection AddOfrep(this IServiceCollection services)
    {
        services.AddFlagEdge();
        services.AddOptions<OfrepOptions>().BindConfiguration(OfrepOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<FlagStreamOptions>().BindConfiguration(FlagStreamOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<OfrepOptions>, OfrepOptionsCheck>());
        services.TryAddSingleton<StreamTokens>();
        services.TryAddSingleton<FlagStreams>();
        services.TryAddSingleton<OfrepEvaluator>();
        services.TryAddSingleton<OfrepEndpoint>();
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, FlagKeys>(FlagKeys.SchemeName, null);
        return services;
    }

    /// <summary>
    /// Maps <c>POST /ofrep/v1/evaluate/flags/{key}</c>, <c>POST /ofrep/v1/evaluate/flags</c> and the stream that its answers lead to. They take a
    /// bearer token with the scope <c>flags.evaluate</c>, or <c>X-API-Key</c>; the stream also the token in its address.
    /// </summary>
    public static IEndpointRouteBuilder MapOfrep(this IEndpointRouteBuilder endpoints)
    {
        var ofrep = endpoints.ServiceProvider.GetRequiredService<OfrepEndpoint>();
        endpoints.MapPost(EvaluatePath + "/{**key}", ofrep.EvaluateAsync).Guarded().WithMetadata(new OwnBodyLimit());
        endpoints.MapPost(EvaluatePath, ofrep.EvaluateAllAsync).Guarded().WithMetadata(new OwnBodyLimit());
        endpoints.MapStream(StreamPath, FlagStreamData.Ofrep).ExcludeFromDescription();
        return endpoints;
    }

    /// <summary>
    /// Maps a stream of server-sent events, one for each change of any flag: <c>{"version":42,"fingerprint":"..."}</c>. Who comes back with
    /// <c>Last-Event-ID</c> hears only of what is new. Needs the scope <c>flags.evaluate</c>.
    /// </summary>
    /// <param name="endpoints">Where to.</param>
    /// <param name="path">The path, <c>/flags/stream</c>.</param>
    public static RouteHandlerBuilder MapFlagStream(this IEndpointRouteBuilder endpoints, string path) =>
        endpoints.MapStream(path, FlagStreamData.Platform);

    private static RouteHandlerBuilder MapStream(this IEndpointRouteBuilder endpoints, string path, Func<FlagSnapshot, string> data)
    {
        var streams = endpoints.ServiceProvider.GetRequiredService<FlagStreams>();
        Delegate serve = (HttpContext http) => streams.ServeAsync(http, data);
        return endpoints.MapGet(path, serve).Guarded().WithMetadata(new TakesStreamToken(), new DisableRequestTimeoutAttribute());
    }

    private static TBuilder Guarded<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.RequireAuthorization(new AuthorizeAttribute(ApiScopes.FlagsEvaluate) { AuthenticationSchemes = Schemes });
}

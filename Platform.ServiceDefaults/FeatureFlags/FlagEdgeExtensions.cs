using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Platform.FeatureFlags;
using Platform.ServiceDefaults.FeatureFlags.Callers;
using Platform.ServiceDefaults.FeatureFlags.Gates;

namespace Platform.ServiceDefaults.FeatureFlags;

/// <summary>Flags at the edge of a web host: who asks, and gates before endpoints.</summary>
public static class FlagEdgeExtensions
{
    /// <summary>
    /// Adds the caller of a request (<see cref="IFlagContextAccessor"/>) from its claims, or from a signed cookie for visitors, and what
    /// <c>RequireFlag()</c>, the tag <c>&lt;flag&gt;</c> and <c>[FeatureGate]</c> need. Flags come from whatever publishes to <see cref="LiveFlags"/>.
    /// </summary>
    public static IServiceCollection AddFlagEdge(this IServiceCollection services)
    {
        services.AddFeatureFlags();
        services.AddHttpContextAccessor();
        services.AddOptions<FlagCallerOptions>().BindConfiguration(FlagCallerOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<FlagGateOptions>().BindConfiguration(FlagGateOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<FlagKeyOptions>().BindConfiguration(FlagKeyOptions.Section).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<FlagKeyOptions>, FlagKeyOptionsCheck>());
        services.TryAddSingleton<Identity.Callers>();
        services.TryAddSingleton<FlagSigning>();
        services.TryAddSingleton<HttpFlagCallers>();
        services.TryAddSingleton<IFlagContextAccessor>(provider => provider.GetRequiredService<HttpFlagCallers>());
        services.AddMicrosoftFeatureManagement();
        return services;
    }
}

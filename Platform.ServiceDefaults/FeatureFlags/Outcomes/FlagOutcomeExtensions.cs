using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Platform.ServiceDefaults.FeatureFlags.Outcomes;

/// <summary>Gives guards of rollout plans their numbers.</summary>
public static class FlagOutcomeExtensions
{
    /// <summary>Counts in this host how requests end for callers with and without a flag. The host has an <c>IFlagOutcomes</c> to hand them to.</summary>
    public static IServiceCollection AddFlagOutcomes(this IServiceCollection services)
    {
        services.AddFlagEdge();
        services.TryAddSingleton<CallerSample>();
        services.TryAddSingleton<FlagOutcomes>();
        services.TryAddEnumerable(ServiceDescriptor.Transient<IStartupFilter, OutcomeFilter>());
        services.AddHostedService(provider => provider.GetRequiredService<FlagOutcomes>());
        return services;
    }
}

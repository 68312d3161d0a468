using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Platform.FeatureFlags;

/// <summary>Registers feature flags.</summary>
public static class FeatureFlagsExtensions
{
    /// <summary>
    /// Adds <see cref="IFeatureFlags"/> and the <see cref="LiveFlags"/> behind it, which begin without any flag; a store publishes the first snapshot.
    /// </summary>
    public static IServiceCollection AddFeatureFlags(this IServiceCollection services)
    {
        services.AddOptions<FeatureFlagOptions>().BindConfiguration(FeatureFlagOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => new LiveFlags(FlagSnapshot.Compile(
            FlagDocument.Empty,
            provider.GetRequiredService<IOptions<FeatureFlagOptions>>().Value,
            provider.GetRequiredService<TimeProvider>())));
        services.TryAddSingleton<IFeatureFlags>(provider => provider.GetRequiredService<LiveFlags>());
        return services;
    }
}

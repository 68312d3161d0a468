using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.FeatureManagement;
using Microsoft.FeatureManagement.FeatureFilters;
using Platform.FeatureFlags;

namespace Platform.ServiceDefaults.FeatureFlags;

/// <summary>Registers Microsoft.FeatureManagement on top of our flags.</summary>
public static class MicrosoftFeatureManagementExtensions
{
    /// <summary>
    /// Adds <see cref="IFeatureManager"/>, <see cref="IVariantFeatureManager"/>, the filters and <c>[FeatureGate]</c> over the flags of
    /// <see cref="LiveFlags"/>.
    /// </summary>
    /// <returns>Microsoft's builder, for filters and targeting accessors of the host's own.</returns>
    public static IFeatureManagementBuilder AddMicrosoftFeatureManagement(this IServiceCollection services)
    {
        services.AddFeatureFlags();
        services.TryAddSingleton<FlagDefinitionProvider>();
        services.TryAddSingleton(provider => new FlagCallers(
            provider.GetService<IFlagContextAccessor>(), provider.GetService<ITargetingContextAccessor>()));
        services.TryAddSingleton<IFeatureDefinitionProvider>(provider => provider.GetRequiredService<FlagDefinitionProvider>());

        // Before Microsoft's own registration, which leaves these to whoever was first.
        services.TryAddSingleton<PlatformFeatureManager>();
        services.TryAddSingleton<IFeatureManager>(provider => provider.GetRequiredService<PlatformFeatureManager>());
        services.TryAddSingleton<IVariantFeatureManager>(provider => provider.GetRequiredService<PlatformFeatureManager>());
        return services.AddFeatureManagement().AddFeatureFilter<PlatformFlagFilter>().AddFeatureFilter<PlatformTargetingFilter>();
    }
}

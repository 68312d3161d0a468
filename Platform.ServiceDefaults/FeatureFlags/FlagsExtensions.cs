using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.FeatureManagement;
using Platform.FeatureFlags;
using Platform.Health;
using Platform.ServiceDefaults.FeatureFlags;

// The namespace of the host builders, as the service defaults: a host needs no using for it.
namespace Microsoft.Extensions.Hosting;

/// <summary>Gives a host its feature flags.</summary>
public static class FlagsExtensions
{
    /// <summary>
    /// Adds <see cref="IFeatureFlags"/>, the caller of the present request (<see cref="IFlagContextAccessor"/>), and Microsoft.FeatureManagement on
    /// top. The flags are loaded before the host takes requests and follow every change: by Redis where the host has it
    /// (<c>AddRedisClient</c>), by the database's notifications, and by a poll. Without the database the host starts from the file of an earlier run
    /// or from its configuration, and check <c>flags</c> says so.
    /// </summary>
    /// <remarks>The store comes with <c>AddFlagStore&lt;TContext&gt;()</c>; a host without one has the flags of its configuration.</remarks>
    /// <param name="builder">The host.</param>
    /// <returns>Microsoft's builder, for filters of the host's own.</returns>
    public static IFeatureManagementBuilder AddFlags(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddFlagEdge();
        services.TryAddSingleton<ConfiguredFlags>();
        services.TryAddSingleton<FlagServing>();
        services.TryAddSingleton<FlagFile>();
        services.TryAddSingleton<FlagRedis>();
        services.TryAddSingleton<FlagRefresh>();
        services.AddSingleton<IFlagAnnouncer>(provider => provider.GetRequiredService<FlagRefresh>());
        services.AddSingleton<IFlagAnnouncer>(provider => provider.GetRequiredService<FlagRedis>());
        services.AddHostedService(provider => provider.GetRequiredService<FlagRefresh>());
        services.AddHealthChecks().AddCheck<FlagsCheck>(FlagsCheck.Name, tags: [HealthTags.Ready, HealthTags.Optional]);
        return services.AddMicrosoftFeatureManagement();
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Platform.FeatureFlags;

namespace Platform.EntityFrameworkCore.FeatureFlags;

/// <summary>Registers the store of feature flags on a context.</summary>
public static class FlagStoreExtensions
{
    /// <summary>
    /// Adds <see cref="IFlagStore"/> and <see cref="IFlagFeed"/>. The context's model has to call <c>ApplyFeatureFlags()</c>; the context itself
    /// is registered as usual.
    /// </summary>
    /// <typeparam name="TContext">The context with the tables.</typeparam>
    public static IServiceCollection AddFlagStore<TContext>(this IServiceCollection services)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => new FlagDatabase(provider.GetRequiredService<IServiceScopeFactory>(), typeof(TContext)));
        services.TryAddSingleton<FlagReads>();
        services.TryAddSingleton<FlagWriter>();
        services.TryAddSingleton<FlagAuditQueries>();
        services.TryAddSingleton<IFlagStore, FlagStore>();
        services.TryAddSingleton<IFlagFeed, FlagFeed>();
        return services;
    }
}

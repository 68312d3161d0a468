using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Platform.EntityFrameworkCore.Connections;
using Platform.Resilience;

namespace Platform.EntityFrameworkCore.Resilience;

/// <summary>Lets replicas and operators see breakers together.</summary>
public static class BreakerStoreExtensions
{
    /// <summary>Adds <see cref="IBreakerBoard"/> on a context whose model calls <c>ApplyBreakers()</c>.</summary>
    public static IServiceCollection AddBreakerBoard<TContext>(this IServiceCollection services)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddCircuitBreakers();
        services.AddSingleton<IBreakerBoard>(provider => new BreakerBoard(
            new StoreConnections(provider.GetRequiredService<IServiceScopeFactory>(), typeof(TContext), typeof(BreakerStateRow)),
            provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<BreakerSync>();
        return services;
    }
}

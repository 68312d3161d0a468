using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Platform.Idempotency;

namespace Platform.EntityFrameworkCore.Idempotency;

/// <summary>Registers the store of answered keys.</summary>
public static class IdempotencyStoreExtensions
{
    /// <summary>
    /// Adds <see cref="IIdempotencyStore"/> on the scoped context, whose model calls <c>ApplyIdempotency()</c>. The context must not retry by itself:
    /// an attempt is one transaction.
    /// </summary>
    /// <typeparam name="TContext">The context that endpoints save with.</typeparam>
    public static IServiceCollection AddIdempotencyStore<TContext>(this IServiceCollection services)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<IdempotencyOptions>().BindConfiguration(IdempotencyOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddScoped<IIdempotencyStore, IdempotencyStore<TContext>>();
        return services;
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Platform.EntityFrameworkCore.Connections;

namespace Platform.EntityFrameworkCore.PersistedDocuments;

/// <summary>Registers the store of persisted documents.</summary>
public static class PersistedDocumentStoreExtensions
{
    /// <summary>Adds <see cref="PersistedDocumentStore"/> on a context whose model has <see cref="PersistedDocumentModelExtensions.ApplyPersistedDocuments"/>.</summary>
    /// <typeparam name="TContext">The context, registered by the host.</typeparam>
    public static IServiceCollection AddPersistedDocumentStore<TContext>(this IServiceCollection services)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(provider => new PersistedDocumentStore(
            new StoreConnections(provider.GetRequiredService<IServiceScopeFactory>(), typeof(TContext), typeof(PersistedDocumentRow))));
        return services;
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platform.EntityFrameworkCore.Connections;
using Platform.Logging;

namespace Platform.EntityFrameworkCore.Logging;

/// <summary>Lets operators set log levels for all replicas.</summary>
public static class LogLevelStoreExtensions
{
    /// <summary>Adds <see cref="ILogLevelStore"/> on a context whose model calls <c>ApplyLogLevels()</c>.</summary>
    public static IServiceCollection AddLogLevelStore<TContext>(this IServiceCollection services)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(services);
        return services.AddSingleton<ILogLevelStore>(provider => new LogLevelStore(
            new StoreConnections(provider.GetRequiredService<IServiceScopeFactory>(), typeof(TContext), typeof(LogLevelRow))));
    }
}

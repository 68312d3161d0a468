using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Platform.Audit;
using Platform.EntityFrameworkCore.Connections;
using Platform.Messaging;
using Platform.Messaging.Jobs;
using Platform.Redaction;

namespace Platform.EntityFrameworkCore.Audit;

/// <summary>Registers the audit trail on a context.</summary>
public static class AuditExtensions
{
    /// <summary>
    /// Adds <see cref="IAuditTrail"/>, <see cref="AuditWriter"/>, <see cref="AuditQueries"/> and <see cref="AuditVerification"/>. The context's model has to
    /// call <c>ApplyAudit()</c>. A host without a key for the chain does not start, see <see cref="AuditOptions.Key"/>.
    /// </summary>
    /// <typeparam name="TContext">The context whose transactions carry the entries.</typeparam>
    public static IServiceCollection AddAudit<TContext>(this IServiceCollection services)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<AuditOptions>().BindConfiguration(AuditOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<AuditOptions>, AuditOptionsCheck>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AuditOptions>, AuditOptionsCheck>());
        services.TryAddSingleton(provider => new Lazy<AuditKeys>(() => new AuditKeys(provider.GetRequiredService<IOptions<AuditOptions>>())));
        services.TryAddKeyedSingleton(typeof(AuditRow), (provider, _) => new StoreConnections(
            provider.GetRequiredService<IServiceScopeFactory>(), typeof(TContext), typeof(AuditRow)));
        services.TryAddSingleton(provider => new AuditRows(
            provider.GetRequiredService<Lazy<AuditKeys>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetService<IHostEnvironment>()?.ApplicationName ?? AppDomain.CurrentDomain.FriendlyName,
            provider.GetService<Redactors>()));
        services.TryAddSingleton(provider => new AuditWriter(provider.GetRequiredService<AuditRows>(), Connections(provider)));
        services.TryAddSingleton(provider => new AuditQueries(Connections(provider)));
        services.TryAddSingleton(provider => new AuditVerification(
            Connections(provider), provider.GetRequiredService<Lazy<AuditKeys>>()));
        services.TryAddSingleton(provider => new AuditErasing(Connections(provider), provider.GetRequiredService<Lazy<AuditKeys>>(), provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<AuditSealing>();
        services.TryAddScoped<IAuditTrail>(provider => new AuditTrail<TContext>(
            provider.GetRequiredService<TContext>(),
            provider.GetRequiredService<AuditRows>(),
            provider.GetRequiredService<AuditWriter>(),
            Connections(provider),
            provider.GetService<IEventMetadata>()));
        return services;
    }

    /// <summary>Adds the job that seals the trail and anchors its head: for the worker.</summary>
    public static IServiceCollection AddAuditSealing(this IServiceCollection services) =>
        services.AddRecurringJob<AuditSealJob>(AuditSealJob.Name, AuditSealJob.Interval);

    private static StoreConnections Connections(IServiceProvider provider) => provider.GetRequiredKeyedService<StoreConnections>(typeof(AuditRow));
}

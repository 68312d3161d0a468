using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Platform.EntityFrameworkCore.Audit;
using Platform.EntityFrameworkCore.Messaging;
using Platform.EntityFrameworkCore.Secrets.Rotators;
using Platform.EntityFrameworkCore.Secrets.Routing;
using Platform.Messaging;
using Platform.Messaging.Jobs;
using Platform.Secrets;

namespace Platform.EntityFrameworkCore.Secrets;

/// <summary>Registers secrets on a context.</summary>
public static class SecretStoreExtensions
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Adds <see cref="ISecretFeed"/>, <see cref="IRotationStore"/>, the events of secrets, and the route by which the context connects as the role of the moment. The
    /// context's model has to call <c>ApplySecrets()</c>, <c>ApplyAudit()</c> and <c>ApplyMessaging()</c>.
    /// </summary>
    /// <typeparam name="TContext">The context that has the tables.</typeparam>
    public static IServiceCollection AddSecretStore<TContext>(this IServiceCollection services)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddSecrets();
        services.AddOptions<SecretsOptions>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<SecretsOptions>, SecretKeyDefault>());
        services.AddEvents(events => events
            .Add("secrets.rotated.v1", SecretsJson.Default.SecretRotated, "secret", e => e.Name)
            .Add("secrets.expiring.v1", SecretsJson.Default.SecretExpiring, "secret", e => e.Name)
            .Add("secrets.rotation-failed.v1", SecretsJson.Default.SecretRotationFailed, "secret", e => e.Name));
        services.TryAddSingleton(provider => new SecretDatabase(provider.GetRequiredService<IServiceScopeFactory>(), typeof(TContext)));
        services.TryAddSingleton<ISecretFeed, SecretFeed>();
        services.TryAddSingleton<IRotationStore>(provider => new RotationStore(
            provider.GetRequiredService<SecretDatabase>(),
            provider.GetRequiredService<AuditWriter>(),
            provider.GetRequiredService<OutboxWriter>(),
            provider.GetRequiredService<IOptions<SecretsOptions>>(),
            provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<DatabaseRoute>();
        services.AddSingleton<ISecretObserver>(provider => provider.GetRequiredService<DatabaseRoute>());
        services.TryAddSingleton<RoutedConnections>();
        services.ConfigureDbContext<TContext>((provider, context) => context.AddInterceptors(provider.GetRequiredService<RoutedConnections>()));
        return services;
    }

    /// <summary>Adds the engine, and the rotator of database roles.</summary>
    public static IServiceCollection AddDatabaseRotators(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddSecretRotation();
        services.AddSecretRotator<DatabaseRoleRotator>();
        return services;
    }

    /// <summary>Adds the rotators of what the token server has: signing keys and clients. They need <c>AddIdentityStores&lt;TContext&gt;()</c>.</summary>
    public static IServiceCollection AddIdentityRotators(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddSecretRotator<SigningKeyRotator>();
        services.AddSecretRotator<ClientSecretRotator>();
        return services;
    }

    /// <summary>Adds the job that rotates what is due, and answers operators at once: for the worker.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="interval">How often it looks; 30 seconds by default.</param>
    public static IServiceCollection AddSecretSchedule(this IServiceCollection services, TimeSpan? interval = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddHostedService<RotationRequests>();
        return services.AddRecurringJob<SecretRotationJob>(SecretRotationJob.Name, JobSchedule.Every(interval ?? Interval));
    }
}

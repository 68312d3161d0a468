using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Platform.Conditional;
using Platform.EntityFrameworkCore.Sync;

namespace Platform.EntityFrameworkCore.Conditional;

/// <summary>Registers the log of changes on a context.</summary>
public static class ChangeStoreExtensions
{
    /// <summary>
    /// Has commits of the context tell of changes, and adds <see cref="VersionMemory"/>. Needs <c>AddMessaging()</c>; the model calls
    /// <c>ApplyChanges()</c>.
    /// </summary>
    /// <typeparam name="TContext">The context.</typeparam>
    public static IServiceCollection AddChanges<TContext>(this IServiceCollection services)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<ConditionalOptions>().BindConfiguration(ConditionalOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton<VersionMemory>();
        services.TryAddSingleton<ChangeSignal>();
        services.TryAddSingleton<CommittedChanges>();
        services.ConfigureDbContext<TContext>((provider, context) => context.AddInterceptors(provider.GetRequiredService<CommittedChanges>()));
        return services;
    }

    /// <summary>Follows the log, so that <see cref="VersionMemory"/> gives out what it remembers: for hosts that answer requests.</summary>
    public static IServiceCollection AddChangeFollower(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton<ChangePulse>();
        return services.AddHostedService<ChangeFollower>();
    }
}

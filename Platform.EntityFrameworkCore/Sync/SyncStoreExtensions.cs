using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Platform.EntityFrameworkCore.Messaging;

namespace Platform.EntityFrameworkCore.Sync;

/// <summary>Registers the log of changes for reading.</summary>
public static class SyncStoreExtensions
{
    /// <summary>Adds <see cref="ChangeLog"/>; needs <c>AddChanges()</c>.</summary>
    public static IServiceCollection AddChangeLog(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton<ChangePulse>();
        services.TryAddSingleton(provider => new ChangeLog(provider.GetRequiredService<MessagingDatabase>()));
        return services;
    }
}

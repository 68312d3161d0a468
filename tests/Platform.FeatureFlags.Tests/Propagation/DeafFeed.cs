using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Platform.FeatureFlags.Tests.Propagation;

/// <summary>The database's feed on a network where notifications never arrive.</summary>
internal sealed class DeafFeed(IFlagFeed feed) : IFlagFeed
{
    public Task<StoredFlags> ReadAsync(StoredFlags known, CancellationToken cancellationToken = default) => feed.ReadAsync(known, cancellationToken);

    public Task ListenAsync(Action connected, Action<long> heard, CancellationToken cancellationToken) =>
        Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);

    public static void Deafen(IServiceCollection services)
    {
        var own = services.Last(service => service.ServiceType == typeof(IFlagFeed));
        services.RemoveAll<IFlagFeed>();
        services.AddSingleton<IFlagFeed>(provider => new DeafFeed((IFlagFeed)ActivatorUtilities.CreateInstance(provider, own.ImplementationType!)));
    }
}

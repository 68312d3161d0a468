using Microsoft.Extensions.DependencyInjection.Extensions;
using Platform.GraphQL.Subscriptions.ServerSentEvents;
using Platform.GraphQL.Subscriptions.WebSockets;

namespace Platform.GraphQL.Subscriptions;

/// <summary>Registers what carries subscriptions.</summary>
internal static class SubscriptionExtensions
{
    public static IServiceCollection AddSubscriptions(this IServiceCollection services)
    {
        services.AddOptions<SubscriptionOptions>().BindConfiguration(SubscriptionOptions.SectionName).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton<ConnectionLimits>();
        services.TryAddSingleton<TokenEnds>();
        services.TryAddSingleton<ResponseStreams>();
        services.TryAddSingleton<SocketEndpoint>();
        services.TryAddSingleton<DistinctStreams>();
        services.TryAddSingleton<SingleStreams>();
        return services;
    }
}

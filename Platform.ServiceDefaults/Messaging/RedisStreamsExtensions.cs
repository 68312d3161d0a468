using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Platform.Messaging;
using Platform.Messaging.Transports;
using Platform.ServiceDefaults.Messaging;

// The namespace of the host builders, as the other service defaults.
namespace Microsoft.Extensions.Hosting;

/// <summary>Gives a host Redis streams as a transport of events.</summary>
public static class RedisStreamsExtensions
{
    /// <summary>
    /// Adds the transport, which is used when <c>Platform:Messaging:Transport</c> is <c>RedisStreams</c>: for hosts that have subscriptions. Needs a
    /// connection from <c>AddRedisClient</c>, or one of its own in <see cref="RedisStreamsOptions.ConnectionString"/>.
    /// </summary>
    public static IHostApplicationBuilder AddRedisStreams(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddOptions<RedisStreamsOptions>().BindConfiguration(RedisStreamsOptions.SectionName).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<RedisStreamConnection>();
        builder.Services.AddEventBroker(new EventBroker(
            MessagingTransport.RedisStreams,
            services => ActivatorUtilities.CreateInstance<RedisStreamTransport>(services),
            context => ActivatorUtilities.CreateInstance<RedisStreamSource>(context.Services, context),
            (services, subscription, lanes, cancellationToken) =>
                services.GetRequiredService<RedisStreamConnection>().ForgetAsync(subscription, lanes, cancellationToken)));
        return builder;
    }
}

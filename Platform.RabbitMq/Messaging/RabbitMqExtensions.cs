using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Platform.Messaging;
using Platform.Messaging.Transports;
using Platform.RabbitMq.Messaging;

// The namespace of the host builders, as the service defaults.
namespace Microsoft.Extensions.Hosting;

/// <summary>Gives a host RabbitMQ as a transport of events.</summary>
public static class RabbitMqExtensions
{
    private const string ConnectionName = "rabbitmq";

    /// <summary>
    /// Adds the transport, which is used when <c>Platform:Messaging:Transport</c> is <c>RabbitMq</c>: for hosts that have subscriptions. The broker is that of
    /// the connection string <c>rabbitmq</c>, unless <see cref="RabbitMqOptions.ConnectionString"/> names another.
    /// </summary>
    public static IHostApplicationBuilder AddRabbitMq(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddOptions<RabbitMqOptions>()
            .BindConfiguration(RabbitMqOptions.SectionName)
            .Configure<IConfiguration>((options, configuration) => options.ConnectionString ??= configuration.GetConnectionString(ConnectionName))
            .ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.AddSingleton<RabbitMqConnections>();
        builder.Services.AddEventBroker(new EventBroker(
            MessagingTransport.RabbitMq,
            services => ActivatorUtilities.CreateInstance<RabbitMqTransport>(services),
            context => ActivatorUtilities.CreateInstance<RabbitMqSource>(context.Services, context),
            (services, subscription, lanes, cancellationToken) =>
                ActivatorUtilities.CreateInstance<SubscriptionQueues>(services).RemoveAsync(subscription, lanes, cancellationToken)));
        return builder;
    }
}

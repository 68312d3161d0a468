using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Platform.EntityFrameworkCore.Messaging.Dispatching;
using Platform.EntityFrameworkCore.Messaging.Feed;
using Platform.EntityFrameworkCore.Messaging.Jobs;
using Platform.EntityFrameworkCore.Messaging.Operations;
using Platform.EntityFrameworkCore.Messaging.Receiving;
using Platform.EntityFrameworkCore.Messaging.Sending;
using Platform.Messaging;
using Platform.Messaging.DeadLetters;
using Platform.Messaging.Feed;
using Platform.Messaging.Jobs;

namespace Platform.EntityFrameworkCore.Messaging;

/// <summary>Registers outbox, inbox and dispatcher on a context.</summary>
public static class MessagingStoreExtensions
{
    /// <summary>
    /// Adds <see cref="IOutbox"/>, <see cref="OutboxWriter"/>, <see cref="IInbox"/>, <see cref="IDeadLetters"/>, <see cref="ISubscriptions"/>,
    /// <see cref="IRecurringJobs"/>, the host of recurring jobs, and the dispatcher for the subscriptions that are declared with
    /// <c>AddSubscription</c>; without any, this process only sends. The context's model has to call <c>ApplyMessaging()</c>; the context
    /// itself is registered as usual (<c>AddDbContext</c>, <c>AddDbContextPool</c>, <c>AddNpgsqlDbContext</c>).
    /// </summary>
    /// <typeparam name="TContext">The context whose transactions carry the events.</typeparam>
    public static IServiceCollection AddMessaging<TContext>(this IServiceCollection services)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<MessagingOptions>().BindConfiguration(MessagingOptions.Section).ValidateDataAnnotations().ValidateOnStart();

        services.AddSingleton<EventCatalog>();
        services.AddSingleton(provider => new MessagingDatabase(
            provider.GetRequiredService<IServiceScopeFactory>(), typeof(TContext), provider.GetRequiredService<IOptions<MessagingOptions>>()));
        services.AddSingleton<LaneSignals>();
        services.AddSingleton<WakeUp>();
        services.AddSingleton<CommitWatch>();
        services.AddSingleton<SaveGuard>();
        services.AddSingleton<OutboxRows>();
        services.AddSingleton<InboxTable>();
        services.AddSingleton<SuspectGate>();
        services.AddSingleton<BrokerChoice>();
        services.AddSingleton(provider => new OutboxWriter(
            provider.GetRequiredService<OutboxRows>(), provider.GetRequiredService<MessagingDatabase>(), new TraceEventMetadata()));
        services.AddScoped<HandledEvent>();
        services.TryAddScoped<IEventMetadata, TraceEventMetadata>();
        services.AddScoped<IOutbox, Outbox<TContext>>();
        services.ConfigureDbContext<TContext>((provider, context) =>
            context.AddInterceptors(provider.GetRequiredService<CommitWatch>(), provider.GetRequiredService<SaveGuard>()));
        services.AddScoped<IInbox, Inbox<TContext>>();
        services.AddSingleton<DeadLetterQueries>();
        services.AddSingleton<IDeadLetters, DeadLetterStore>();
        services.AddSingleton<OperatorRecord>();
        services.AddSingleton<ISubscriptions, SubscriptionStore>();
        services.AddSingleton<IRecurringJobs, RecurringJobStore>();
        services.AddSingleton<LeaseTable>();
        services.AddTransient<RetentionJob>();
        services.AddHostedService<SubscriptionHost>();
        services.AddHostedService<RecurringJobHost>();
        return services;
    }

    /// <summary>Adds <see cref="IEventFeed"/>, which tells this process of every event: for hosts that push to clients. Needs <c>AddMessaging()</c>.</summary>
    public static IServiceCollection AddEventFeed(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton<FeedLog>();
        services.TryAddSingleton<EventFeed>();
        services.TryAddSingleton<IEventFeed>(provider => provider.GetRequiredService<EventFeed>());
        return services.AddHostedService(provider => provider.GetRequiredService<EventFeed>());
    }
}

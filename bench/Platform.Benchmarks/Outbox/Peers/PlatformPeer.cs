using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Platform.Benchmarks.Outbox.Contract;
using Platform.EntityFrameworkCore.Messaging;
using Platform.Messaging;

namespace Platform.Benchmarks.Outbox.Peers;

/// <summary>Platform's own outbox and inbox: a sender without subscriptions, and on release a second host with one.</summary>
internal sealed class PlatformPeer(PeerSettings settings) : IOutboxPeer
{
    private IHost? _sender;
    private IHost? _consumer;

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        using var host = Build(null);
        await using var scope = host.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<PlatformContext>().GetService<IRelationalDatabaseCreator>().CreateTablesAsync(cancellationToken);
    }

    public async Task OpenAsync(HandledLog handled, CancellationToken cancellationToken)
    {
        _sender = Build(null);
        await _sender.StartAsync(cancellationToken);
        _consumer = Build(handled);
    }

    public Task EnqueueAsync(IReadOnlyList<ParcelMoved> events, CancellationToken cancellationToken) => CommitAsync(events, cancellationToken);

    public Task ReleaseAsync(CancellationToken cancellationToken) => _consumer!.StartAsync(cancellationToken);

    public Task<long> SendAsync(ParcelMoved moved, CancellationToken cancellationToken) => CommitAsync([moved], cancellationToken);

    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        foreach (var host in new[] { _consumer, _sender })
        {
            if (host is not null)
            {
                await host.StopAsync(cancellationToken);
                host.Dispose();
            }
        }

        (_consumer, _sender) = (null, null);
    }

    public async ValueTask DisposeAsync() => await CloseAsync(CancellationToken.None);

    private async Task<long> CommitAsync(IReadOnlyList<ParcelMoved> events, CancellationToken cancellationToken)
    {
        await using var scope = _sender!.Services.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<PlatformContext>();
        var outbox = scope.ServiceProvider.GetRequiredService<IOutbox>();
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        foreach (var moved in events)
        {
            context.Moves.Add(ParcelMove.Of(moved));
            outbox.Enqueue(moved);
        }

        await context.SaveChangesAsync(cancellationToken);
        var ticks = Stopwatch.GetTimestamp();
        await transaction.CommitAsync(cancellationToken);
        return ticks;
    }

    private IHost Build(HandledLog? handled)
    {
        var fast = settings.Profile != PeerProfile.Defaults;
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.Services.AddDbContextPool<PlatformContext>(
            options => options.UseNpgsql(fast ? settings.ConnectionString + ";Max Auto Prepare=50" : settings.ConnectionString));
        builder.Services.AddEvents(events => events.Add(
            "parcels.moved.v1", ParcelJson.Default.ParcelMoved, "parcel", moved => ParcelMoved.ParcelId(moved.Parcel)));
        builder.Services.AddMessaging<PlatformContext>();
        if (handled is not null)
        {
            builder.Services.AddSingleton(handled);
            builder.Services.AddSubscription(EffectContext.Consumer, subscription =>
            {
                subscription.Handle<ParcelMoved, ParcelHandler>();
                if (fast)
                {
                    // The defaults are 100 events and 2 lanes.
                    subscription.Configure(options => options.BatchSize = settings.Profile == PeerProfile.Each ? 1 : 500);
                }
            });
        }

        if (settings.Profile == PeerProfile.Brief)
        {
            builder.Services.Configure<MessagingOptions>(options => options.LogRetention = options.InboxRetention = TimeSpan.FromMinutes(1));
        }

        return builder.Build();
    }
}

/// <summary>The user's context, with Platform's tables in it.</summary>
internal sealed class PlatformContext(DbContextOptions<PlatformContext> options) : EffectContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.ApplyMessaging();
    }
}

/// <summary>The user's handler: its change through EF; the mark, the transaction and the saving are Platform's.</summary>
internal sealed class ParcelHandler(PlatformContext context, HandledLog handled) : IEventHandler<ParcelMoved>
{
    public Task HandleAsync(ParcelMoved @event, EventContext eventContext, CancellationToken cancellationToken)
    {
        handled.Begin(@event);
        context.Effects.Add(ParcelEffect.Of(@event));
        return Task.CompletedTask;
    }
}

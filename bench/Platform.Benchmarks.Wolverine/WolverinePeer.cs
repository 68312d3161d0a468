using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Platform.Benchmarks.Outbox.Contract;
using Wolverine;
using Wolverine.Postgresql;
using Wolverine.RDBMS;
using Wolverine.Runtime;

namespace Platform.Benchmarks.Wolverine;

/// <summary>
/// Wolverine with its PostgreSQL store. Events are stored in the application's transaction through Wolverine's documented outbox for plain
/// ADO.NET; the contexts are kept and flushed on release, which is what its middleware does right after a commit.
/// </summary>
internal sealed class WolverinePeer : IOutboxPeer
{
    private const string Queue = "parcels";
    private const int Flushers = 8;

    private readonly PeerSettings _settings;
    private readonly WolverineRoute _route;
    private readonly NpgsqlDataSource _database;
    private readonly ConcurrentQueue<MessageContext> _held = new();
    private IHost? _host;

    public WolverinePeer(PeerSettings settings, WolverineRoute route)
    {
        _settings = settings;
        _route = route;

        // Fast: Npgsql prepares what is run often. Measured here with and without; with it is cheaper for Wolverine.
        _database = NpgsqlDataSource.Create(
            settings.Profile == PeerProfile.Defaults ? settings.ConnectionString : settings.ConnectionString + ";Max Auto Prepare=50");
    }

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        using var host = Build(new HandledLog(1));
        await host.StartAsync(cancellationToken);
        await host.StopAsync(cancellationToken);
    }

    public async Task OpenAsync(HandledLog handled, CancellationToken cancellationToken)
    {
        _held.Clear();
        _host = Build(handled);
        await _host.StartAsync(cancellationToken);
    }

    public async Task EnqueueAsync(IReadOnlyList<ParcelMoved> events, CancellationToken cancellationToken) =>
        _held.Enqueue((await CommitAsync(events, cancellationToken)).Context);

    public Task ReleaseAsync(CancellationToken cancellationToken)
    {
        // Not awaited, so that handling goes on beside it; the drain ends when every event was handled.
        _ = Task.WhenAll(Enumerable.Range(0, Flushers).Select(_ => Task.Run(
            async () =>
            {
                while (_held.TryDequeue(out var context))
                {
                    await context.FlushOutgoingMessagesAsync();
                }
            },
            CancellationToken.None)));
        return Task.CompletedTask;
    }

    public async Task<long> SendAsync(ParcelMoved moved, CancellationToken cancellationToken)
    {
        var (context, ticks) = await CommitAsync([moved], cancellationToken);
        await context.FlushOutgoingMessagesAsync();
        return ticks;
    }

    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        if (_host is not null)
        {
            await _host.StopAsync(cancellationToken);
            _host.Dispose();
            _host = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync(CancellationToken.None);
        await _database.DisposeAsync();
    }

    private async Task<(MessageContext Context, long Ticks)> CommitAsync(IReadOnlyList<ParcelMoved> events, CancellationToken cancellationToken)
    {
        var runtime = _host!.Services.GetRequiredService<IWolverineRuntime>();
        var context = new MessageContext(runtime);
        await using var connection = await _database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await BusinessRow.WriteAsync(connection, transaction, events, cancellationToken);
        await context.EnlistInOutboxAsync(new DatabaseEnvelopeTransaction((IMessageDatabase)runtime.Storage, transaction));
        foreach (var moved in events)
        {
            await context.PublishAsync(moved);
        }

        var ticks = Stopwatch.GetTimestamp();
        await transaction.CommitAsync(cancellationToken);
        return (context, ticks);
    }

    private IHost Build(HandledLog handled)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.Services.AddSingleton(handled);
        builder.Services.AddSingleton(_database);
        builder.Services.AddPooledDbContextFactory<EffectContext>(options => options.UseNpgsql(_database));
        builder.UseWolverine(options =>
        {
            Configure(options);
            options.DisableAllExternalListeners = handled.SendsOnly;
        });
        return builder.Build();
    }

    private void Configure(WolverineOptions options)
    {
        options.UseRuntimeCompilation();
        options.Discovery.DisableConventionalDiscovery();
        options.Discovery.IncludeType(_route switch
        {
            WolverineRoute.QueueEf => typeof(EfParcelHandler),
            WolverineRoute.Batch => typeof(BatchParcelHandler),
            _ => typeof(PlainParcelHandler),
        });
        options.UseSystemTextJsonForSerialization(json => json.TypeInfoResolver = ParcelJson.Default);
        options.PersistMessagesWithPostgresql(_database).EnableMessageTransport(transport =>
        {
            transport.AutoProvision();
            if (_settings.Profile == PeerProfile.Prompt)
            {
                // LISTEN and NOTIFY, off by default: quicker to wake, one statement more for each message.
                transport.EnableQueueNotifications();
            }
        });
        if (_settings.Profile != PeerProfile.Defaults)
        {
            // One node: no election, no assignments. The documentation's advice for the quickest start and the least work.
            options.Durability.Mode = DurabilityMode.Solo;
        }

        if (_route == WolverineRoute.Local)
        {
            var local = options.LocalQueueFor<ParcelMoved>().UseDurableInbox();
            if (_settings.Profile != PeerProfile.Defaults)
            {
                local.MaximumParallelMessages(16);
            }

            return;
        }

        options.PublishMessage<ParcelMoved>().ToPostgresqlQueue(Queue);
        var listener = options.ListenToPostgresqlQueue(Queue);
        if (_settings.Profile != PeerProfile.Defaults)
        {
            // The defaults are 20 messages every 5 s.
            listener.MaximumMessagesToReceive(1000).PollingInterval(TimeSpan.FromMilliseconds(10)).MaximumParallelMessages(16);
        }

        if (_route == WolverineRoute.Batch)
        {
            options.BatchMessagesOf<ParcelMoved>(batching =>
            {
                batching.BatchSize = 500;
                batching.TriggerTime = TimeSpan.FromMilliseconds(50);
            });
        }
    }
}

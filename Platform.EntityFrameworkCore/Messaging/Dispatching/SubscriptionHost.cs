using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.EntityFrameworkCore.Messaging.Lanes;
using Platform.EntityFrameworkCore.Messaging.Sending;
using Platform.Messaging;

namespace Platform.EntityFrameworkCore.Messaging.Dispatching;

/// <summary>
/// Runs the subscriptions of this process. Stopping drains: no more events are taken, what is in hand is finished, lanes are let go, and
/// others take them at once.
/// </summary>
internal sealed class SubscriptionHost(
    IEnumerable<SubscriptionBuilder> declarations,
    BrokerChoice brokers,
    EventCatalog catalog,
    MessagingDatabase database,
    InboxTable inbox,
    WakeUp wakeUp,
    LaneSignals signals,
    SuspectGate suspects,
    IOptions<MessagingOptions> options,
    IOptionsMonitor<SubscriptionOptions> subscriptionOptions,
    TimeProvider time,
    IServiceProvider services,
    ILoggerFactory loggers) : IHostedService, IDisposable
{
    private const int OutsideConcurrency = 8;
    private const int BatchConcurrency = 2;

    private readonly CancellationTokenSource _drain = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abort = new();
    private volatile bool _isDisposed;
    private readonly List<SubscriptionLanes> _lanes = [];
    private readonly List<Task> _workers = [];
    private Task _ownership = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var subscriptions = brokers.Apply(declarations).Select(declaration => (Declaration: declaration, Subscription: new Subscription(declaration, catalog))).ToList();
        if (subscriptions.Count == 0)
        {
            return Task.CompletedTask;
        }

        var settled = new SettledPosition();
        var ownership = new LaneOwnership(database, wakeUp, signals, options.Value, time, loggers.CreateLogger<LaneOwnership>());
        foreach (var (declaration, subscription) in subscriptions)
        {
            Telemetry.FromZero(subscription.Name);
            Start(declaration, subscription, settled, ownership);
        }

        _ownership = Task.Run(() => ownership.RunAsync(_lanes, _drain.Token, _abort.Token), CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // A host that is disposed of twice at once stops a service that it has disposed of already.
        if (_isDisposed)
        {
            return;
        }

        await using var abort = cancellationToken.UnsafeRegister(static abort => ((CancellationTokenSource)abort!).Cancel(), _abort);
        await _drain.CancelAsync();
        await _ownership.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _stop.CancelAsync();
        await Task.WhenAll(_workers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose()
    {
        _isDisposed = true;
        _drain.Dispose();
        _stop.Dispose();
        _abort.Dispose();
    }

    private void Start(SubscriptionBuilder declaration, Subscription subscription, SettledPosition settled, LaneOwnership ownership)
    {
        var own = subscriptionOptions.Get(subscription.Name);
        var openSource = brokers.SourceOf(declaration);
        var table = new LaneTable(database, subscription.Name, brokers.NameOf(declaration));
        var deferred = new DeferredTable(database, subscription.Name);
        var deadLetters = new DeadLetterTable(database);
        IEventDispatcher dispatcher = declaration.Transport is { } transport
            ? new RelayDispatcher(subscription, own, database, transport(services), time)
            : new InboxDispatcher(subscription, own, database, inbox, time, loggers.CreateLogger<InboxDispatcher>());
        var count = Math.Min(own.Concurrency ?? (subscription.CallsOutside ? OutsideConcurrency : BatchConcurrency), database.LaneCount);
        var workers = Enumerable.Range(0, count).Select(_ => new SubscriptionWorker(
            subscription,
            options.Value,
            wake => openSource?.Invoke(brokers.ContextOf(subscription, own, table, wake)) ?? new OutboxLog(database, settled, subscription.PassedOver),
            new LaneConsumer(
                subscription, own, database, table, deferred, deadLetters, catalog, dispatcher, suspects, loggers.CreateLogger<LaneConsumer>()),
            new DeferredRetries(
                subscription, own, database, table, deferred, deadLetters, dispatcher, loggers.CreateLogger<DeferredRetries>()),
            table,
            new Backlog(database, subscription, readsLog: openSource is null),
            database,
            time,
            ownership.Interrupt,
            signals.WakeUnsettled,
            own.BatchSize,
            loggers.CreateLogger<SubscriptionWorker>())).ToArray();

        foreach (var worker in workers)
        {
            signals.Add(worker.Wake, worker.WakeForDue, worker.WakeUnsettled);
            _workers.Add(Task.Run(() => worker.RunAsync(_stop.Token, _abort.Token), CancellationToken.None));
        }

        _lanes.Add(new SubscriptionLanes(subscription, own, database, table, workers, loggers.CreateLogger<SubscriptionLanes>()));
    }
}

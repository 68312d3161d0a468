using System.Diagnostics;
using System.Text.Json;
using Npgsql;
using Platform.Benchmarks.Outbox.Contract;
using Rebus.Activation;
using Rebus.Bus;
using Rebus.Config;
using Rebus.Config.Outbox;
using Rebus.Logging;
using Rebus.Routing.TypeBased;
using Rebus.Serialization.Json;
using Rebus.Threading;
using Rebus.Transport;

namespace Platform.Benchmarks.Rebus;

/// <summary>Rebus with its PostgreSQL transport and its outbox on the same database.</summary>
internal sealed class RebusPeer : IOutboxPeer
{
    private const string Queue = "parcels";

    private readonly PeerSettings _settings;
    private readonly string _connectionString;
    private readonly NpgsqlDataSource _database;
    private TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private BuiltinHandlerActivator? _activator;
    private IBus? _bus;

    public RebusPeer(PeerSettings settings)
    {
        _settings = settings;

        // Each message in flight holds two connections (the removal from the queue, and the outbox's own).
        _connectionString = settings.ConnectionString + ";Maximum Pool Size=100";
        if (settings.Profile != PeerProfile.Defaults)
        {
            _connectionString += ";Max Auto Prepare=50";
        }

        _database = NpgsqlDataSource.Create(_connectionString);
    }

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await OpenAsync(new HandledLog(1), cancellationToken);
        await CloseAsync(cancellationToken);
    }

    public Task OpenAsync(HandledLog handled, CancellationToken cancellationToken)
    {
        _released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _activator = new BuiltinHandlerActivator();
        _activator.Register(() => new ParcelHandler(handled));
        _bus = Configure.With(_activator)
            .Logging(log => log.Console(LogLevel.Error))
            .Transport(transport =>
            {
                if (handled.SendsOnly)
                {
                    transport.UsePostgreSqlAsOneWayClient(_connectionString, "rebus_messages");
                }
                else
                {
                    transport.UsePostgreSql(_connectionString, "rebus_messages", Queue);
                }
            })
            .Routing(routing => routing.TypeBased().Map<ParcelMoved>(Queue))
            .Serialization(serialization =>
            {
                if (_settings.Profile != PeerProfile.Defaults)
                {
                    // Cheaper than Newtonsoft, its default.
                    serialization.UseSystemTextJson(new JsonSerializerOptions { TypeInfoResolver = ParcelJson.Default });
                }
            })
            .Outbox(outbox => outbox.StoreInPostgreSql(_connectionString, "rebus_outbox"))
            .Options(options =>
            {
                options.Decorate<IAsyncTaskFactory>(context => new ReleaseGate(context.Get<IAsyncTaskFactory>(), _released.Task));
                if (_settings.Profile != PeerProfile.Defaults)
                {
                    // The defaults are 1 and 5. The transport lets 20 receive at once.
                    options.SetNumberOfWorkers(2);
                    options.SetMaxParallelism(16);
                }
            })
            .Start();
        return Task.CompletedTask;
    }

    public async Task EnqueueAsync(IReadOnlyList<ParcelMoved> events, CancellationToken cancellationToken) => await CommitAsync(events, cancellationToken);

    public Task ReleaseAsync(CancellationToken cancellationToken)
    {
        _released.TrySetResult();
        return Task.CompletedTask;
    }

    public Task<long> SendAsync(ParcelMoved moved, CancellationToken cancellationToken)
    {
        _released.TrySetResult();
        return CommitAsync([moved], cancellationToken);
    }

    public Task CloseAsync(CancellationToken cancellationToken)
    {
        _activator?.Dispose();
        _activator = null;
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync(CancellationToken.None);
        await _database.DisposeAsync();
    }

    private async Task<long> CommitAsync(IReadOnlyList<ParcelMoved> events, CancellationToken cancellationToken)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await BusinessRow.WriteAsync(connection, transaction, events, cancellationToken);
        using var scope = new RebusTransactionScope();
        scope.UseOutbox(connection, transaction);
        foreach (var moved in events)
        {
            await _bus!.Send(moved);
        }

        await scope.CompleteAsync();
        var ticks = Stopwatch.GetTimestamp();
        await transaction.CommitAsync(cancellationToken);
        return ticks;
    }
}

using Microsoft.Extensions.Options;
using RabbitMQ.Client;

namespace Platform.RabbitMq.Messaging;

/// <summary>
/// The connections of this process: one to publish and one to consume, since a broker that is short of memory or disk stops reading from those who
/// publish, and acknowledgements must still get through.
/// </summary>
internal sealed class RabbitMqConnections(IOptions<RabbitMqOptions> options) : IAsyncDisposable
{
    public RabbitMqConnection Publishing { get; } = new(options.Value, "platform relay");

    public RabbitMqConnection Consuming { get; } = new(options.Value, "platform consumer");

    public async ValueTask DisposeAsync()
    {
        await Publishing.DisposeAsync();
        await Consuming.DisposeAsync();
    }
}

/// <summary>A connection that is opened when it is asked for, and anew when it was lost. Safe for several threads.</summary>
internal sealed class RabbitMqConnection(RabbitMqOptions options, string name) : IAsyncDisposable
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private IConnection? _connection;
    private volatile string? _blocked;

    /// <summary>Raised when the broker stops reading from this connection.</summary>
    public event Action<string>? Blocked;

    /// <summary>Why the broker does not read from this connection at present; null when it does.</summary>
    public string? BlockedReason => _blocked;

    public async Task<IChannel> CreateChannelAsync(CreateChannelOptions? channelOptions, CancellationToken cancellationToken)
    {
        try
        {
            return await (await OpenAsync(cancellationToken)).CreateChannelAsync(channelOptions, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever it is, also a wrong address: no event is to blame.
            throw BrokerFailure.Unavailable(exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _gate.Dispose();
    }

    private async Task<IConnection> OpenAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_connection is { IsOpen: true })
            {
                return _connection;
            }

            await CloseAsync();
            var factory = new ConnectionFactory
            {
                Uri = new Uri(options.ConnectionString ?? throw new InvalidOperationException(
                    $"RabbitMQ has no address: set ConnectionStrings:rabbitmq, or {RabbitMqOptions.SectionName}:ConnectionString.")),
                ClientProvidedName = $"{name} {Environment.MachineName}:{Environment.ProcessId}",
                RequestedHeartbeat = options.Heartbeat,
                RequestedConnectionTimeout = AnswerLimit,
                ContinuationTimeout = AnswerLimit,
                // Lanes are declared, and their messages counted, anew with each connection.
                AutomaticRecoveryEnabled = false,
                TopologyRecoveryEnabled = false,
            };
            var connection = await factory.CreateConnectionAsync(cancellationToken);
            connection.ConnectionBlockedAsync += (_, blocked) =>
            {
                _blocked = blocked.Reason;
                Blocked?.Invoke(blocked.Reason);
                return Task.CompletedTask;
            };
            connection.ConnectionUnblockedAsync += (_, _) =>
            {
                _blocked = null;
                return Task.CompletedTask;
            };
            return _connection = connection;
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task CloseAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            _blocked = null;
            await BrokerFailure.IgnoreAsync(connection.DisposeAsync());
        }
    }
}

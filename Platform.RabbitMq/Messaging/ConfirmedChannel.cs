using Platform.Messaging;
using Platform.Messaging.Transports;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace Platform.RabbitMq.Messaging;

/// <summary>A channel in confirm mode: messages are sent one after the other, and waited for together. Used by one caller at a time.</summary>
internal sealed class ConfirmedChannel : IAsyncDisposable
{
    private readonly RabbitMqConnection _connection;
    private readonly IChannel _channel;
    private readonly string _exchange;
    private readonly string _source;
    private readonly Lock _gate = new();
    private readonly SortedSet<ulong> _open = [];
    private TaskCompletionSource? _waiting;
    private Exception? _failure;

    private ConfirmedChannel(RabbitMqConnection connection, IChannel channel, string exchange, string source)
    {
        (_connection, _channel, _exchange, _source) = (connection, channel, exchange, source);
        channel.BasicAcksAsync += (_, ack) => Settle(ack.DeliveryTag, ack.Multiple, null);
        channel.BasicNacksAsync += (_, nack) => Settle(nack.DeliveryTag, nack.Multiple, new TransportUnavailableException("RabbitMQ did not take a message."));
        // A message that no queue takes comes back before it is confirmed.
        channel.BasicReturnAsync += (_, returned) => Fail(new TransportUnavailableException(
            $"No queue takes the events of lane {returned.RoutingKey} yet: no subscription has been here ({returned.ReplyText})."));
        channel.ChannelShutdownAsync += (_, shutdown) => Fail(Failure(shutdown));
        connection.Blocked += Block;
    }

    /// <summary>It can be used again.</summary>
    public bool IsSound => _failure is null && _channel.IsOpen;

    /// <summary>Nothing is under way.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_gate)
            {
                return _open.Count == 0;
            }
        }
    }

    public static async Task<ConfirmedChannel> OpenAsync(
        RabbitMqConnection connection, string prefix, string source, CancellationToken cancellationToken)
    {
        // The tracking of the client itself would wait for each message in turn.
        var options = new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: false);
        var channel = await connection.CreateChannelAsync(options, cancellationToken);
        try
        {
            await EventTopology.DeclareExchangeAsync(channel, prefix, cancellationToken);
            return new ConfirmedChannel(connection, channel, EventTopology.Exchange(prefix), source);
        }
        catch
        {
            await BrokerFailure.IgnoreAsync(channel.DisposeAsync());
            throw;
        }
    }

    /// <summary>Sends an event; it is published once <see cref="ConfirmAsync"/> has returned.</summary>
    public async Task SendAsync(EventEnvelope envelope, CancellationToken cancellationToken)
    {
        var number = await _channel.GetNextPublishSequenceNumberAsync(cancellationToken);
        lock (_gate)
        {
            if (_failure is not null)
            {
                throw _failure;
            }

            _open.Add(number);
        }

        var properties = new BasicProperties
        {
            ContentType = CloudEvent.DataContentType,
            DeliveryMode = DeliveryModes.Persistent,
            MessageId = envelope.Id.ToString(),
            Type = envelope.EventType,
            Headers = EventHeaders.Of(envelope, _source),
        };
        await _channel.BasicPublishAsync(
            _exchange, EventTopology.RoutingKey(envelope.Lane), mandatory: true, properties, envelope.Payload, cancellationToken);
    }

    /// <summary>Waits until the broker has everything that was sent.</summary>
    public async Task ConfirmAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource waiting;
        lock (_gate)
        {
            if (_failure is not null)
            {
                throw _failure;
            }

            if (_open.Count == 0)
            {
                return;
            }

            waiting = _waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        await waiting.Task.WaitAsync(cancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        _connection.Blocked -= Block;
        return new ValueTask(BrokerFailure.IgnoreAsync(_channel.DisposeAsync()));
    }

    private void Block(string reason) => _ = Fail(Blocked(reason));

    public static TransportUnavailableException Blocked(string reason) => new($"RabbitMQ does not take messages at present: {reason}.");

    private Task Settle(ulong number, bool multiple, Exception? failure)
    {
        lock (_gate)
        {
            if (multiple)
            {
                _open.RemoveWhere(open => open <= number);
            }
            else
            {
                _open.Remove(number);
            }

            _failure ??= failure;
            if (_failure is not null)
            {
                _waiting?.TrySetException(_failure);
            }
            else if (_open.Count == 0)
            {
                _waiting?.TrySetResult();
            }
        }

        return Task.CompletedTask;
    }

    private Task Fail(Exception failure)
    {
        lock (_gate)
        {
            _failure ??= failure;
            _waiting?.TrySetException(_failure);
        }

        return Task.CompletedTask;
    }

    private static Exception Failure(ShutdownEventArgs shutdown)
    {
        var closed = new OperationInterruptedException(shutdown);
        return BrokerFailure.IsOutage(closed, CancellationToken.None) ? BrokerFailure.Unavailable(closed) : closed;
    }
}

using Platform.Messaging;
using Platform.Messaging.Transports;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Platform.RabbitMq.Messaging;

/// <summary>
/// The consumer of one lane's queue. A message has no place of its own that outlives the channel, so positions are counted on from the cursor at
/// each read: they are good until the next one. What comes again after it was handled, the inbox knows.
/// </summary>
internal sealed class LaneQueue : AsyncDefaultBasicConsumer, IAsyncDisposable
{
    private readonly LaneSourceContext _context;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly List<Message> _messages = [];
    private volatile bool _isClosed;

    private LaneQueue(IChannel channel, LaneSourceContext context, short lane, long leastEpoch, TimeProvider time)
        : base(channel) => (_context, Lane, LeastEpoch, _time) = (context, lane, leastEpoch, time);

    public short Lane { get; }

    /// <summary>What has a lower one was under way before the queue was there, and comes again.</summary>
    public long LeastEpoch { get; }

    /// <summary>The broker hands out nothing any more, and others may be handed what was in hand here.</summary>
    public bool IsClosed => _isClosed || Channel.IsClosed;

    public static async Task<LaneQueue> OpenAsync(
        RabbitMqConnection connection,
        string prefix,
        LaneSourceContext context,
        short lane,
        long leastEpoch,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var channel = await connection.CreateChannelAsync(null, cancellationToken);
        var queue = new LaneQueue(channel, context, lane, leastEpoch, time);
        try
        {
            await channel.BasicQosAsync(0, EventTopology.Prefetch, global: false, cancellationToken);
            await channel.BasicConsumeAsync(EventTopology.Queue(prefix, context.Subscription, lane), autoAck: false, queue, cancellationToken);
            return queue;
        }
        catch
        {
            await queue.DisposeAsync();
            throw;
        }
    }

    /// <summary>Adds what was handed out and is not acknowledged.</summary>
    /// <returns>How far that reaches.</returns>
    public LaneCursor Read(LaneCursor cursor, int limit, List<LaneEvent> events)
    {
        lock (_gate)
        {
            var position = cursor.Position;
            var found = 0;
            foreach (var message in _messages)
            {
                message.Position = found < limit ? ++position : long.MaxValue;
                if (found < limit && !message.IsPassedOver)
                {
                    events.Add(new LaneEvent(message.Envelope, position, Delayed: false));
                    found++;
                }
            }

            return cursor with { Position = position, LeastEpoch = LeastEpoch };
        }
    }

    /// <summary>Acknowledges what was handled, and with it what nobody here wants that comes next.</summary>
    public async Task AcknowledgeAsync(long position, CancellationToken cancellationToken)
    {
        ulong last;
        lock (_gate)
        {
            var done = _messages.TakeWhile(message => message.Position <= position || (message.IsPassedOver && message.Position != long.MaxValue)).Count();
            if (done == 0 || IsClosed)
            {
                return;
            }

            last = _messages[done - 1].DeliveryTag;
            _messages.RemoveRange(0, done);
        }

        try
        {
            await Channel.BasicAckAsync(last, multiple: true, cancellationToken);
        }
        catch (Exception exception) when (BrokerFailure.IsOutage(exception, cancellationToken))
        {
            _isClosed = true;
            throw BrokerFailure.Unavailable(exception);
        }
    }

    public override Task HandleBasicDeliverAsync(
        string consumerTag,
        ulong deliveryTag,
        bool redelivered,
        string exchange,
        string routingKey,
        IReadOnlyBasicProperties properties,
        ReadOnlyMemory<byte> body,
        CancellationToken cancellationToken = default)
    {
        // The client uses the body's memory again.
        var envelope = CloudEvent.Read(EventHeaders.Read(properties), body.ToArray(), Lane, _time.GetUtcNow());
        lock (_gate)
        {
            _messages.Add(new Message(deliveryTag, envelope, _context.PassesOver(envelope, LeastEpoch)));
        }

        _context.Wake();
        return Task.CompletedTask;
    }

    public override Task HandleBasicCancelAsync(string consumerTag, CancellationToken cancellationToken = default) => CloseAsync();

    public override Task HandleChannelShutdownAsync(object channel, ShutdownEventArgs reason) => CloseAsync();

    public async ValueTask DisposeAsync()
    {
        _isClosed = true;
        await BrokerFailure.IgnoreAsync(Channel.DisposeAsync());
    }

    private Task CloseAsync()
    {
        _isClosed = true;
        _context.Wake();
        return Task.CompletedTask;
    }

    private sealed class Message(ulong deliveryTag, EventEnvelope envelope, bool isPassedOver)
    {
        public ulong DeliveryTag => deliveryTag;

        public EventEnvelope Envelope => envelope;

        public bool IsPassedOver => isPassedOver;

        /// <summary>As of the last read; none while it has not been read.</summary>
        public long Position { get; set; } = long.MaxValue;
    }
}

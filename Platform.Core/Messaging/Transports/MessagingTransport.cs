namespace Platform.Messaging.Transports;

/// <summary>What carries events from the outbox to the subscriptions.</summary>
public enum MessagingTransport
{
    /// <summary>Nothing in between: subscriptions read the log in PostgreSQL.</summary>
    PostgreSql,

    /// <summary>Streams of a Redis server, version 7 or later.</summary>
    RedisStreams,

    /// <summary>Quorum queues of RabbitMQ, version 3.10 or later.</summary>
    RabbitMq,
}

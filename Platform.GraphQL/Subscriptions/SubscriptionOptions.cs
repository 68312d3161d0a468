using System.ComponentModel.DataAnnotations;

namespace Platform.GraphQL.Subscriptions;

/// <summary>How connections that stay open are kept within bounds. Section <c>Platform:GraphQL:Subscriptions</c>.</summary>
internal sealed class SubscriptionOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string SectionName = "Platform:GraphQL:Subscriptions";

    /// <summary>The most connections of a process: WebSockets, event streams and reservations of them.</summary>
    /// <value>5,000 by default. Further ones are refused with 503.</value>
    [Range(0, 1_000_000)]
    public int MaxConnections { get; set; } = 5_000;

    /// <summary>The most connections of one caller at a process.</summary>
    /// <value>50 by default.</value>
    [Range(1, 1_000_000)]
    public int MaxConnectionsPerCaller { get; set; } = 50;

    /// <summary>The most operations that a connection may have under way.</summary>
    /// <value>50 by default.</value>
    [Range(1, 10_000)]
    public int MaxOperationsPerConnection { get; set; } = 50;

    /// <summary>The most events that wait for a subscriber. One that is slower is cut off.</summary>
    /// <value>100 by default.</value>
    [Range(1, 100_000)]
    public int MaxPending { get; set; } = 100;

    /// <summary>How long a WebSocket has to say who it is, and a reservation to be taken up.</summary>
    /// <value>10 s by default; 0.1 s to 5 min.</value>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan InitTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long one message may take to be written, before the connection is given up.</summary>
    /// <value>10 s by default; 0.1 s to 5 min.</value>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often something is sent over a connection that has nothing to say, so that what lies between does not close it.</summary>
    /// <value>12 s by default; 0.1 s to 5 min. A WebSocket that does not answer within as long again is closed.</value>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(12);
}

using System.ComponentModel.DataAnnotations;

namespace Platform.Messaging;

/// <summary>How one subscription works. Section <c>Platform:Messaging:Subscriptions:{name}</c>.</summary>
public sealed class SubscriptionOptions
{
    /// <summary>Events in one transaction at most.</summary>
    /// <value>1 to 1,000; 100 by default. 1 gives each event a transaction of its own.</value>
    [Range(1, 1000)]
    public int BatchSize { get; set; } = 100;

    /// <summary>Lanes that one process works on at the same time; each takes one database connection while it works.</summary>
    /// <value>1 to 64; by default 8 if a handler calls the outside world, otherwise 2.</value>
    [Range(1, 64)]
    public int? Concurrency { get; set; }

    /// <summary>How long a handler may take for one event; then it is cancelled and counts as failed.</summary>
    /// <value>10 ms to 1 hour; 30 s by default.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan HandlerTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often an event is tried before it is parked as a dead letter.</summary>
    /// <value>1 to 100; 8 by default: with the default delays about 2 minutes in the mean.</value>
    [Range(1, 100)]
    public int MaxAttempts { get; set; } = 8;

    /// <summary>The delay before the second try lies between 0 and this, before the third between 0 and twice this, and so on.</summary>
    /// <value>1 ms to 1 hour; 2 s by default.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The longest delay between two tries.</summary>
    /// <value>1 ms to 24 hours; 5 minutes by default.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Where a subscription starts that the database does not know yet.</summary>
    /// <value><see cref="SubscriptionStart.Beginning"/> by default.</value>
    public SubscriptionStart StartAt { get; set; } = SubscriptionStart.Beginning;

    /// <summary>What happens to an event whose type is declared nowhere in this process.</summary>
    /// <value><see cref="UnknownEvents.Park"/> by default.</value>
    public UnknownEvents UnknownEvents { get; set; } = UnknownEvents.Park;
}

/// <summary>Where a new subscription starts.</summary>
public enum SubscriptionStart
{
    /// <summary>With the oldest event that the log still holds.</summary>
    Beginning,

    /// <summary>With the first event after the subscription was first seen.</summary>
    End,
}

/// <summary>What happens to an event that this process has no declaration for.</summary>
public enum UnknownEvents
{
    /// <summary>It becomes a dead letter, to be replayed once the code knows it.</summary>
    Park,

    /// <summary>It is passed over.</summary>
    Skip,
}

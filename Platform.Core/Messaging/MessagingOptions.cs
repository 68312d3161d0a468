using System.ComponentModel.DataAnnotations;
using Platform.Messaging.Transports;

namespace Platform.Messaging;

/// <summary>How this process sends and takes events. Section <c>Platform:Messaging</c>.</summary>
public sealed class MessagingOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Platform:Messaging";

    /// <summary>The name of the relay that fills the configured broker, in the tables and for its options.</summary>
    public const string RelayName = "relay";

    /// <summary>What carries events to the subscriptions. A broker has to be one that the host was given (<c>AddRedisStreams</c>, <c>AddRabbitMq</c>).</summary>
    /// <value><see cref="MessagingTransport.PostgreSql"/> by default.</value>
    [EnumDataType(typeof(MessagingTransport))]
    public MessagingTransport Transport { get; set; }

    /// <summary>Whether this process takes part in filling the broker from the log, if there is one.</summary>
    /// <value>True by default. Some process has to.</value>
    public bool Relay { get; set; } = true;

    /// <summary>Who sends, on a broker: the attribute <c>source</c> of CloudEvents, a URI reference.</summary>
    /// <value>1 to 200 characters; <c>/platform</c> by default.</value>
    [Required]
    [StringLength(200)]
    public string Source { get; set; } = "/platform";

    /// <summary>The largest body of an event in bytes of JSON; <c>Enqueue</c> refuses more.</summary>
    /// <value>1 KiB to 16 MiB; 256 KiB by default.</value>
    [Range(1024, 16 * 1024 * 1024)]
    public int PayloadLimit { get; set; } = 256 * 1024;

    /// <summary>How often lanes are looked at though no notification came, spread by a quarter each way.</summary>
    /// <value>10 ms to 1 minute; 1 s by default.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often processes look whether lanes are free or should be shared anew.</summary>
    /// <value>50 ms to 1 minute; 1 s by default. What a dead process owned is free for at most about this long.</value>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan BalanceInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// A connection string that leads to PostgreSQL itself, for the one connection of this process that listens and holds locks. Needed where
    /// the context's own goes through a pooler in transaction mode, which keeps neither.
    /// </summary>
    /// <value>None by default: like the context's.</value>
    public string? DirectConnectionString { get; set; }

    /// <summary>Prepares the statements of the dispatcher on the server; turn it off behind a pooler that cannot.</summary>
    /// <value>True by default.</value>
    public bool PrepareStatements { get; set; } = true;

    /// <summary>
    /// How long a recurring job's holder is waited for after it was last heard of: what a dead process ran is taken over after at most this long.
    /// </summary>
    /// <value>1 s to 10 minutes; 15 s by default. A holder renews its lease three times as often.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan JobLease { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long events stay in the log after every subscription is past them: how far back a replay can start.</summary>
    /// <value>1 minute to 10 years; 7 days by default.</value>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan LogRetention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long the inbox remembers what was handled: how late a duplicate is still known as one.</summary>
    /// <value>1 minute to 10 years; 30 days by default. Keep it longer than <see cref="LogRetention"/>.</value>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan InboxRetention { get; set; } = TimeSpan.FromDays(30);
}

namespace Platform.EntityFrameworkCore.Messaging.Tables;

/// <summary>A row of <c>core_subscription_lane</c>: how far a subscription handled a lane, and who may move it on.</summary>
internal sealed class SubscriptionLane
{
    public required string Subscription { get; init; }

    public short Lane { get; init; }

    /// <summary>The position in the log of the last event handled, deferred or passed over.</summary>
    public long Position { get; init; }

    /// <summary>The position is one of the log's; false where the subscription reads from a broker.</summary>
    public bool ReadsLog { get; init; }

    /// <summary>The broker that it reads from, by the name of its transport; what is said of one counts for no other. Null where it reads the log.</summary>
    public string? Broker { get; init; }

    /// <summary>The least epoch of the relay that counts, null while the broker is not known to keep what is published for the lane.</summary>
    public long? LeastEpoch { get; init; }

    /// <summary>Raised by each new owner; what an older owner still tries to commit matches no row and rolls back.</summary>
    public long Epoch { get; init; }

    public string? Owner { get; init; }

    /// <summary>The last owner let go in order.</summary>
    public bool Released { get; init; }

    /// <summary>How many owners in a row died without moving the lane on.</summary>
    public int Crashes { get; init; }

    /// <summary>The event that was about to be handled when that is recorded first, because owners died here.</summary>
    public Guid? SuspectId { get; init; }

    public int SuspectAttempts { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }
}

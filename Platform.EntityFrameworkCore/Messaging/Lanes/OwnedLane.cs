namespace Platform.EntityFrameworkCore.Messaging.Lanes;

/// <summary>A lane of a subscription that this process owns. Written by the worker that has it, but for <see cref="State"/>.</summary>
internal sealed class OwnedLane(short lane, long position, long epoch)
{
    private volatile LaneState _state = LaneState.Owned;

    public short Lane { get; } = lane;

    /// <summary>What every commit for the lane has to match.</summary>
    public long Epoch { get; } = epoch;

    /// <summary>How far the lane was looked at.</summary>
    public long Position { get; set; } = position;

    /// <summary>How much of that is in the database.</summary>
    public long SavedPosition { get; set; } = position;

    /// <summary>The least epoch of the relay that counts; null while the broker is not known to keep what is published for the lane.</summary>
    public long? LeastEpoch { get; set; }

    /// <summary>Aggregates with a failed event: what comes after it waits behind it.</summary>
    public HashSet<AggregateKey> Blocked { get; } = [];

    /// <summary>How many owners in a row died without moving the lane on.</summary>
    public int Crashes { get; set; }

    public Guid? SuspectId { get; set; }

    public int SuspectAttempts { get; set; }

    public LaneState State
    {
        get => _state;
        set => _state = value;
    }
}

internal enum LaneState
{
    Owned,

    /// <summary>To be let go when what is in hand is done.</summary>
    Releasing,

    /// <summary>The worker has let go.</summary>
    Released,

    /// <summary>Someone else owns it, or the locks are gone.</summary>
    Lost,
}

internal readonly record struct AggregateKey(string Type, string Id);

/// <summary>A commit for a lane matched no row: the lane has another owner.</summary>
internal sealed class LaneLostException() : Exception("The lane has another owner.");

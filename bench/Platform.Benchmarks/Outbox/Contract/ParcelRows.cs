namespace Platform.Benchmarks.Outbox.Contract;

/// <summary>The effect of one event.</summary>
public sealed class ParcelEffect
{
    public Guid EventId { get; init; }

    public int Parcel { get; init; }

    public int Step { get; init; }

    public required string Place { get; init; }

    public decimal Weight { get; init; }

    public DateTimeOffset At { get; init; }

    public int Number { get; init; }

    /// <summary>The effect that an event has.</summary>
    public static ParcelEffect Of(ParcelMoved moved)
    {
        ArgumentNullException.ThrowIfNull(moved);
        return new()
        {
            EventId = moved.EventId,
            Parcel = moved.Parcel,
            Step = moved.Step,
            Place = moved.To,
            Weight = moved.Weight,
            At = moved.At,
            Number = moved.Number,
        };
    }
}

/// <summary>The mark that an event was handled.</summary>
public sealed class ParcelInbox
{
    public required string Consumer { get; init; }

    public Guid EventId { get; init; }

    public DateTimeOffset HandledAt { get; init; }

    /// <summary>The mark of one event.</summary>
    public static ParcelInbox Of(ParcelMoved moved, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(moved);
        return new() { Consumer = EffectContext.Consumer, EventId = moved.EventId, HandledAt = now };
    }
}

/// <summary>The change of the application that an event goes with, for peers that save through EF.</summary>
public sealed class ParcelMove
{
    public Guid EventId { get; init; }

    public int Parcel { get; init; }

    public int Step { get; init; }

    public required string Place { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>The row that goes with an event.</summary>
    public static ParcelMove Of(ParcelMoved moved)
    {
        ArgumentNullException.ThrowIfNull(moved);
        return new() { EventId = moved.EventId, Parcel = moved.Parcel, Step = moved.Step, Place = moved.To, At = moved.At };
    }
}

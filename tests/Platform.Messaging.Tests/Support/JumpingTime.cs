namespace Platform.Messaging.Tests.Support;

/// <summary>A wall clock that someone turns. Timers and the monotonic clock go on as on a real machine.</summary>
public sealed class JumpingTime : TimeProvider
{
    private long _offset;

    /// <summary>How far it is from the truth.</summary>
    public TimeSpan Offset
    {
        get => TimeSpan.FromTicks(Volatile.Read(ref _offset));
        set => Volatile.Write(ref _offset, value.Ticks);
    }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Offset;
}

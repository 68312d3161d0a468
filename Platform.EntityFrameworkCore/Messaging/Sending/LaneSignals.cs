namespace Platform.EntityFrameworkCore.Messaging.Sending;

/// <summary>The consumers of this process, to be woken without a round trip.</summary>
internal sealed class LaneSignals
{
    private Consumer[] _consumers = [];

    /// <summary>Says that lanes have new events.</summary>
    public void Wake(ulong lanes)
    {
        foreach (var consumer in Volatile.Read(ref _consumers))
        {
            consumer.Wake(lanes);
        }
    }

    /// <summary>Says that deferred events may be due.</summary>
    public void WakeForDue()
    {
        foreach (var consumer in Volatile.Read(ref _consumers))
        {
            consumer.WakeForDue();
        }
    }

    /// <summary>Says that a transaction of this process has ended, which may have been what others waited for.</summary>
    public void WakeUnsettled()
    {
        foreach (var consumer in Volatile.Read(ref _consumers))
        {
            consumer.WakeUnsettled();
        }
    }

    public void Add(Action<ulong> wake, Action wakeForDue, Action wakeUnsettled)
    {
        Consumer[] before;
        do
        {
            before = Volatile.Read(ref _consumers);
        }
        while (Interlocked.CompareExchange(ref _consumers, [.. before, new Consumer(wake, wakeForDue, wakeUnsettled)], before) != before);
    }

    private sealed record Consumer(Action<ulong> Wake, Action WakeForDue, Action WakeUnsettled);
}

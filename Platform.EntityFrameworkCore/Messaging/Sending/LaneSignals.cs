namespace Platform.EntityFrameworkCore.Messaging.Sending;

/// <summary>The consumers of this process, to be woken without a round trip.</summary>
internal sealed class LaneSignals
{
    private Action<ulong>[] _consumers = [];

    public void Wake(ulong lanes)
    {
        foreach (var consumer in Volatile.Read(ref _consumers))
        {
            consumer(lanes);
        }
    }

    public void Add(Action<ulong> consumer)
    {
        Action<ulong>[] before;
        do
        {
            before = Volatile.Read(ref _consumers);
        }
        while (Interlocked.CompareExchange(ref _consumers, [.. before, consumer], before) != before);
    }
}

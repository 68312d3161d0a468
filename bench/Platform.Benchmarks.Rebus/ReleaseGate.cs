using Rebus.Threading;

namespace Platform.Benchmarks.Rebus;

/// <summary>Holds Rebus's outbox forwarder back until the backlog is committed; everything else runs as it is.</summary>
internal sealed class ReleaseGate(IAsyncTaskFactory inner, Task released) : IAsyncTaskFactory
{
    private const string Forwarder = "OutboxForwarder";

    public IAsyncTask Create(string description, Func<Task> action, bool prettyInsignificant = false, int intervalSeconds = 10) =>
        inner.Create(
            description,
            description == Forwarder
                ? async () =>
                {
                    if (released.IsCompleted)
                    {
                        await action();
                    }
                }
                : action,
            prettyInsignificant,
            intervalSeconds);
}

namespace Platform.EntityFrameworkCore.Messaging.Dispatching;

/// <summary>Lets one event at a time through whose lane's owners died, in the whole process.</summary>
internal sealed class SuspectGate : IDisposable
{
    /// <summary>How often a process may die over an event before it is parked.</summary>
    public const int MaxCrashes = 5;

    private readonly SemaphoreSlim _gate = new(1, 1);

    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        return new Pass(_gate);
    }

    public void Dispose() => _gate.Dispose();

    private sealed class Pass(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}

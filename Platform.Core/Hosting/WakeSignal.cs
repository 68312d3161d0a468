namespace Platform.Hosting;

/// <summary>Wakes one waiter; a signal that comes while nobody waits is kept.</summary>
internal sealed class WakeSignal
{
    private TaskCompletionSource _signal = New();

    public void Set() => Volatile.Read(ref _signal).TrySetResult();

    /// <summary>Waits for a signal or for the time to pass.</summary>
    public async Task WaitAsync(TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await _signal.Task.WaitAsync(timeout, time, cancellationToken);

            // A signal between these two lines is lost, and not missed: the waiter looks for work now.
            Volatile.Write(ref _signal, New());
        }
        catch (TimeoutException)
        {
            // The waiter looks for work now.
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

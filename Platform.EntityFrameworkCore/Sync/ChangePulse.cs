namespace Platform.EntityFrameworkCore.Sync;

/// <summary>
/// Beats whenever this process hears of changes, so that those who wait for some need not look all the time. A beat may be missed and one may be for
/// nothing: whoever waits looks now and then by himself. Thread safe.
/// </summary>
public sealed class ChangePulse
{
    private TaskCompletionSource _next = New();

    /// <summary>Ends at the next beat. Taken before looking, so that no beat falls between looking and waiting.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    internal void Beat() => Interlocked.Exchange(ref _next, New()).TrySetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Platform.ServiceDefaults.Tests.Health;

/// <summary>A dependency that a test switches off, or lets hang.</summary>
internal sealed class SwitchedCheck : IHealthCheck
{
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _calls;

    public Func<HealthCheckResult> Answer { get; set; } = () => HealthCheckResult.Healthy();

    public bool Hangs { get; set; }

    public bool BlocksItsThread { get; set; }

    public int Calls => Volatile.Read(ref _calls);

    public void Release() => _release.TrySetResult();

    // It ignores its cancellation, as the worst of drivers do.
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _calls);
        if (BlocksItsThread)
        {
            ((IAsyncResult)_release.Task).AsyncWaitHandle.WaitOne();
        }

        if (Hangs)
        {
            await _release.Task;
        }

        return Answer();
    }
}

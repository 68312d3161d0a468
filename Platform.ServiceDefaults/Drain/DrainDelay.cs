using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Platform.ServiceDefaults.Drain;

/// <summary>
/// Keeps the host serving between the signal and the stop. Kestrel refuses connections from the moment it is told to stop, while
/// load balancers go on sending for a while (dotnet/aspnetcore issue 30387).
/// </summary>
/// <remarks>
/// <c>StoppingAsync</c> of all services runs before <c>StopAsync</c> of any, the server's among them. A second signal ends the wait.
/// </remarks>
internal sealed class DrainDelay(IOptions<DrainOptions> options, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<DrainDelay> logger)
    : IHostedLifecycleService
{
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        // A signal has said so already; a stop that comes from code says it only after this method.
        lifetime.StopApplication();
        var delay = options.Value.Delay ?? TimeSpan.Zero;
        if (delay <= TimeSpan.Zero)
        {
            return;
        }

        Log.Draining(logger, delay.TotalSeconds);
        using var impatient = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, EndWait);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, EndWait);
        await Task.Delay(delay, time, impatient.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Log.Stopping(logger);

        void EndWait(PosixSignalContext signal)
        {
            signal.Cancel = true;
            impatient.Cancel();
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

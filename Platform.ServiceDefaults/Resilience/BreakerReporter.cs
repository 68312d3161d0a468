using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Platform.Resilience;

namespace Platform.ServiceDefaults.Resilience;

/// <summary>Keeps this replica's breakers and the board in step while the host runs.</summary>
internal sealed class BreakerReporter(IServiceProvider services, IHostEnvironment environment, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Without a database there is no board, and each goes on alone.
        if (services.GetService<BreakerSync>() is not { } sync)
        {
            return;
        }

        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await sync.RunAsync(environment.ApplicationName, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The stop.
        }
    }
}

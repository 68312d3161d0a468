using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Platform.Logging;

namespace Platform.ServiceDefaults.Logging;

/// <summary>Follows the levels that operators set, and lets go of them when their time is over, with the database or without.</summary>
internal sealed class LogLevelReporter(IServiceProvider services, LogLevels levels, TimeProvider time, ILogger<LogLevelReporter> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (services.GetService<ILogLevelStore>() is not { } store)
        {
            return;
        }

        var away = false;
        using var timer = new PeriodicTimer(Interval, time);
        while (await WaitAsync(timer, stoppingToken))
        {
            try
            {
                levels.Take(await store.ReadAsync(stoppingToken));
                away = false;
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                // Said once an outage.
                if (!away)
                {
                    Log.StoreAway(logger, failure.GetBaseException().Message);
                }

                away = true;
                levels.Expire();
            }
            catch (OperationCanceledException)
            {
                // The stop.
            }
        }
    }

    private static async Task<bool> WaitAsync(PeriodicTimer timer, CancellationToken stoppingToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}

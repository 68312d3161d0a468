using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.Budgets;

namespace Platform.ServiceDefaults.Budgets;

/// <summary>Runs the round of budgets while the host serves, and once more at its end.</summary>
internal sealed class BudgetReporter(BudgetRound round, IOptions<BudgetOptions> options, TimeProvider time, ILogger<BudgetReporter> logger) : BackgroundService
{
    private static readonly TimeSpan FarewellLimit = TimeSpan.FromSeconds(3);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.Slide, time);
        while (await WaitAsync(timer, stoppingToken))
        {
            await RunAsync(stoppingToken);
        }

        // What the last seconds brought, requests of the drain among it.
        using var limit = new CancellationTokenSource(FarewellLimit, time);
        await RunAsync(limit.Token);
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

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await round.RunAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The stop.
        }
#pragma warning disable CA1031 // A round that fails must not end the host, and the next may work.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Log.RoundFailed(logger, failure);
        }
    }
}

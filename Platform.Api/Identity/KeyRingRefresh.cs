using System.Security.Cryptography;
using Platform.ServiceDefaults.Errors;

namespace Platform.Api.Identity;

// Reads the keys before the first request, and again from time to time. A database that is away does not keep the host from
// starting: it answers 503 until it is back. Keys that do not open do: waiting does not mend a wrong configuration.
internal sealed class KeyRingRefresh(KeyRing ring, ErrorTranslation translation, TimeProvider time, ILogger<KeyRingRefresh> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan IntervalWhileEmpty = TimeSpan.FromSeconds(2);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ring.RefreshAsync(cancellationToken);
        }
        catch (Exception e) when (e is not CryptographicException && !cancellationToken.IsCancellationRequested)
        {
            Log.KeysNotRead(logger, translation.Translate(e).Code.Code, e);
        }

        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(ring.Content is null ? IntervalWhileEmpty : Interval, time, stoppingToken);
            try
            {
                await ring.RefreshAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Log.KeysNotRead(logger, translation.Translate(e).Code.Code, e);
            }
        }
    }
}

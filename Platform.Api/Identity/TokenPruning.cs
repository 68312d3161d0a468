using OpenIddict.Abstractions;
using Platform.ServiceDefaults.Errors;

namespace Platform.Api.Identity;

// A row is kept for each token that was issued; those long expired go, so that the table does not grow for ever. Replicas may do it at once.
internal sealed class TokenPruning(
    IServiceScopeFactory scopes, ErrorTranslation translation, TimeProvider time, ILogger<TokenPruning> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                var tokens = scope.ServiceProvider.GetRequiredService<IOpenIddictTokenManager>();
                Log.TokensPruned(logger, await tokens.PruneAsync(time.GetUtcNow() - Kept, stoppingToken));
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Log.TokensNotPruned(logger, translation.Translate(e).Code.Code, e);
            }
        }
    }
}

using Platform.Resilience;
using Polly;

namespace Platform.ServiceDefaults.Resilience;

/// <summary>
/// A named breaker in a Polly pipeline. Polly's context keeps the caller's token: a call that is over its time is left behind rather than
/// cancelled, unless a timeout of Polly's stands inside.
/// </summary>
internal sealed class BreakerStrategy(CircuitBreaker breaker) : ResilienceStrategy
{
    protected override async ValueTask<Outcome<TResult>> ExecuteCore<TResult, TState>(
        Func<ResilienceContext, TState, ValueTask<Outcome<TResult>>> callback, ResilienceContext context, TState state)
    {
        try
        {
            return Outcome.FromResult(await breaker.ExecuteAsync(
                async _ =>
                {
                    var outcome = await callback(context, state).ConfigureAwait(context.ContinueOnCapturedContext);
                    outcome.ThrowIfException();
                    return outcome.Result!;
                },
                context.CancellationToken).ConfigureAwait(context.ContinueOnCapturedContext));
        }
#pragma warning disable CA1031 // Polly carries failures as outcomes.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return Outcome.FromException<TResult>(failure);
        }
    }
}

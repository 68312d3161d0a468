using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Platform.Resilience;
using Polly;

namespace Platform.ServiceDefaults.Resilience;

/// <summary>Breakers and hedging for HTTP clients and Polly pipelines.</summary>
public static class BreakerClientExtensions
{
    /// <summary>Sends every request of a client, each retry included, through a named breaker.</summary>
    /// <remarks>An open breaker throws <see cref="CircuitBreakerOpenException"/>; 408 and 5xx count as failures.</remarks>
    public static IHttpClientBuilder AddCircuitBreaker(this IHttpClientBuilder client, string name)
    {
        ArgumentNullException.ThrowIfNull(client);
        client.Services.AddCircuitBreakers();
        return client.AddHttpMessageHandler(provider => new CircuitBreakerHandler(provider.GetRequiredService<CircuitBreakers>().Get(name)));
    }

    /// <summary>
    /// Sends a read (GET or HEAD) a second time when no answer has come after a while or the first one failed, and takes the good answer that comes
    /// first. It is Polly's hedging, outside everything else that the client does, so that both may go to different replicas; a second request is paid
    /// from the destination's retry budget.
    /// </summary>
    /// <param name="client">The client.</param>
    /// <param name="after">How long to wait: the client's usual p95, so that one request of twenty is sent twice.</param>
    public static IHttpClientBuilder AddHedgedReads(this IHttpClientBuilder client, TimeSpan after)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(after, TimeSpan.Zero);
        return client.ConfigureAdditionalHttpMessageHandlers((handlers, provider) =>
        {
            var reads = new HedgedReads(after, provider.GetRequiredService<RetryBudgets>(), provider.GetRequiredService<TimeProvider>());
            handlers.Insert(0, new ResilienceHandler(reads.For));
        });
    }

    /// <summary>Puts a named breaker into a Polly pipeline.</summary>
    public static TBuilder AddCircuitBreaker<TBuilder>(this TBuilder pipeline, CircuitBreaker breaker)
        where TBuilder : ResiliencePipelineBuilderBase
    {
        ArgumentNullException.ThrowIfNull(breaker);
        return pipeline.AddStrategy(_ => new BreakerStrategy(breaker), new BreakerStrategyOptions());
    }

    private sealed class BreakerStrategyOptions : ResilienceStrategyOptions;
}

using System.Threading.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Options;
using Platform.Resilience;
using Platform.ServiceDefaults.Http;
using Polly;

namespace Platform.ServiceDefaults.Resilience;

internal static class ResilienceExtensions
{
    /// <summary>Gives every client of <c>IHttpClientFactory</c> timeouts, retries, a breaker, a limit, and service discovery.</summary>
    public static void AddResilientHttpClients(this IServiceCollection services)
    {
        services.AddOptions<ResilienceOptions>().BindConfiguration(ResilienceOptions.SectionName).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddTransient<CorrelationHandler>();
        services.TryAddTransient<DeadlineHandler>();
        services.TryAddSingleton<RetryBudgets>();
        services.AddCircuitBreakers();
        services.AddHostedService<BreakerReporter>();
        services.AddServiceDiscovery();
        services.ConfigureHttpClientDefaults(client =>
        {
            client.AddHttpMessageHandler<CorrelationHandler>();
            client.AddStandardResilienceHandler()
                .SelectPipelineByAuthority()
                .Configure((options, provider) => Apply(
                    provider.GetRequiredService<IOptions<ResilienceOptions>>().Value, options, provider.GetRequiredService<RetryBudgets>()));
            client.AddHttpMessageHandler<DeadlineHandler>();
            client.AddServiceDiscovery();
        });
    }

    private static void Apply(ResilienceOptions from, HttpStandardResilienceOptions to, RetryBudgets budgets)
    {
        to.AttemptTimeout.Timeout = from.AttemptTimeout;
        to.TotalRequestTimeout.Timeout = from.TotalTimeout;
        to.RateLimiter.DefaultRateLimiterOptions = new ConcurrencyLimiterOptions { PermitLimit = from.MaxConcurrency, QueueLimit = 0 };
        to.CircuitBreaker.FailureRatio = from.BreakerFailureRatio;
        to.CircuitBreaker.MinimumThroughput = from.BreakerMinimumThroughput;
        to.CircuitBreaker.SamplingDuration = from.BreakerWindow;
        to.CircuitBreaker.BreakDuration = from.BreakDuration;

        var isTransient = to.Retry.ShouldHandle;
        to.Retry.MaxRetryAttempts = Math.Max(1, from.MaxRetries);
        to.Retry.BackoffType = DelayBackoffType.Exponential;
        to.Retry.UseJitter = true;
        to.Retry.Delay = from.RetryDelay;
        to.Retry.ShouldHandle = async attempt =>
        {
            var request = attempt.Context.GetRequestMessage();
            if (HedgedReads.IsSecond(request))
            {
                return false;
            }

            var budget = budgets.For(request?.RequestUri?.Authority);
            if (attempt.AttemptNumber == 0)
            {
                budget.Deposit();
            }

            return attempt.AttemptNumber < from.MaxRetries
                && RetryRule.MayRepeat(request)
                && await isTransient(attempt)
                && RetryBudgets.MayRetry(budget);
        };
    }
}

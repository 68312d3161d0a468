using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.Timeout;

namespace Platform.ServiceDefaults.Resilience;

/// <summary>
/// Asks a second time when a read takes long or failed, and takes the good answer that comes first: one slow replica then delays nobody. Only GET
/// and HEAD without a body (RFC 9110, section 9.2.1), as they change nothing. A second request takes from the destination's retry budget: where
/// everything is slow, twice as much would not make it faster.
/// </summary>
internal sealed class HedgedReads
{
    private static readonly Counter<long> Hedged = new Meter("Platform.Hedging").CreateCounter<long>(
        "platform.hedge.requests", "{request}", "Second requests for reads that took long or failed.");

    private static readonly HttpRequestOptionsKey<HttpRequestMessage> SecondKey = new("Platform.HedgedReads.Second");
    private static readonly HttpRequestOptionsKey<bool> IsSecondKey = new("Platform.HedgedReads.IsSecond");

    private readonly RetryBudgets _budgets;
    private readonly ResiliencePipeline<HttpResponseMessage> _pipeline;

    public HedgedReads(TimeSpan after, RetryBudgets budgets, TimeProvider time)
    {
        // Shown from zero on: the first is an increase.
        Hedged.Add(0);
        _budgets = budgets;
        _pipeline = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }
            .AddHedging(new HttpHedgingStrategyOptions
            {
                MaxHedgedAttempts = 1,
                Delay = after,
                ShouldHandle = static answer => ValueTask.FromResult(IsBad(answer.Outcome)),
                ActionGenerator = second => Second(second.PrimaryContext, second.ActionContext, second.Callback),
            })
            .Build();
    }

    /// <summary>Whether a request is the second one for a read, which is not repeated again.</summary>
    public static bool IsSecond(HttpRequestMessage? request) => request?.Options.TryGetValue(IsSecondKey, out var second) is true && second;

    /// <summary>What a request is sent through.</summary>
    public ResiliencePipeline<HttpResponseMessage> For(HttpRequestMessage request)
    {
        if ((request.Method != HttpMethod.Get && request.Method != HttpMethod.Head) || request.Content is not null)
        {
            return ResiliencePipeline<HttpResponseMessage>.Empty;
        }

        // Copied before the first is sent, and changed by the handlers on its way.
        request.Options.Set(SecondKey, Copy(request));
        return _pipeline;
    }

    private Func<ValueTask<Outcome<HttpResponseMessage>>>? Second(
        ResilienceContext first, ResilienceContext context, Func<ResilienceContext, ValueTask<Outcome<HttpResponseMessage>>> send)
    {
        if (first.GetRequestMessage() is not { } request
            || !request.Options.TryGetValue(SecondKey, out var second)
            || !RetryBudgets.MayRetry(_budgets.For(request.RequestUri?.Authority)))
        {
            return null;
        }

        return () =>
        {
            Hedged.Add(1);
            context.SetRequestMessage(second);
            return send(context);
        };
    }

    // "Come later" is no reason to come at once.
    private static bool IsBad(Outcome<HttpResponseMessage> outcome) => outcome switch
    {
        { Exception: HttpRequestException or TimeoutRejectedException or TimeoutException } => true,
        { Result: { StatusCode: >= HttpStatusCode.InternalServerError, Headers.RetryAfter: null } } => true,
        _ => false,
    };

    private static HttpRequestMessage Copy(HttpRequestMessage request)
    {
        var copy = new HttpRequestMessage(request.Method, request.RequestUri) { Version = request.Version, VersionPolicy = request.VersionPolicy };
        foreach (var header in request.Headers.NonValidated)
        {
            copy.Headers.TryAddWithoutValidation(header.Key, header.Value);
        }

        foreach (var option in request.Options)
        {
            ((IDictionary<string, object?>)copy.Options)[option.Key] = option.Value;
        }

        copy.Options.Set(IsSecondKey, true);
        return copy;
    }
}

using System.Diagnostics.Metrics;
using System.Net;

namespace Platform.ServiceDefaults.Resilience;

/// <summary>
/// Asks a second time when a read takes long, and takes the answer that comes first: one slow replica behind an address then delays nobody.
/// Only GET and HEAD without a body (RFC 9110, section 9.2.1), as they change nothing.
/// </summary>
internal sealed class HedgedReadHandler(TimeSpan after, TimeProvider time) : DelegatingHandler
{
    private static readonly Counter<long> Hedged = new Meter("Platform.Hedging").CreateCounter<long>(
        "platform.hedge.requests", "{request}", "Second requests for reads that took long.");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if ((request.Method != HttpMethod.Get && request.Method != HttpMethod.Head) || request.Content is not null)
        {
            return await base.SendAsync(request, cancellationToken);
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var first = base.SendAsync(request, stop.Token);
        var wait = Task.Delay(after, time, stop.Token);
        if (await Task.WhenAny(first, wait) == first || cancellationToken.IsCancellationRequested)
        {
            await stop.CancelAsync();
            return await first;
        }

        Hedged.Add(1);
        var second = base.SendAsync(Copy(request), cancellationToken);
        var winner = await Task.WhenAny(first, second);
        if (!await IsGoodAsync(winner))
        {
            // The other's word may be better; if it is not, the first counts, whatever it is.
            var other = winner == first ? second : first;
            winner = await IsGoodAsync(other) ? other : winner;
        }

        _ = DiscardAsync(winner == first ? second : first);
        return await winner;
    }

    private static async Task<bool> IsGoodAsync(Task<HttpResponseMessage> answer)
    {
        try
        {
            return (await answer).StatusCode < HttpStatusCode.InternalServerError;
        }
#pragma warning disable CA1031 // Whatever went wrong: it is no good answer.
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }
    }

    private static async Task DiscardAsync(Task<HttpResponseMessage> late)
    {
        if (await IsGoodAsync(late))
        {
            (await late).Dispose();
        }
    }

    private static HttpRequestMessage Copy(HttpRequestMessage request)
    {
        var copy = new HttpRequestMessage(request.Method, request.RequestUri) { Version = request.Version, VersionPolicy = request.VersionPolicy };
        foreach (var header in request.Headers)
        {
            copy.Headers.TryAddWithoutValidation(header.Key, header.Value);
        }

        foreach (var option in request.Options)
        {
            ((IDictionary<string, object?>)copy.Options)[option.Key] = option.Value;
        }

        return copy;
    }
}

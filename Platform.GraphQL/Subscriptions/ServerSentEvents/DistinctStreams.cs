using Microsoft.Extensions.Options;
using Platform.Errors;
using Platform.GraphQL.Transport;
using Platform.ServiceDefaults.Errors;

namespace Platform.GraphQL.Subscriptions.ServerSentEvents;

/// <summary>Answers one operation by an event stream of its own (GraphQL over Server-Sent Events, "Distinct connections mode").</summary>
internal sealed class DistinctStreams(
    ResponseStreams responses,
    ResultWriter results,
    ConnectionLimits limits,
    TokenEnds tokens,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    IOptions<SubscriptionOptions> options)
{
    /// <summary>Writes the answer, and those that follow it when the operation is a subscription.</summary>
    public async Task WriteAsync(GraphQLExchange exchange, OperationAnswer answer)
    {
        var http = exchange.Http;
        var writer = new EventStreamWriter(http, results, options.Value.SendTimeout, time);
        if (answer.Stream is not { } stream)
        {
            await writer.StartAsync();
            await writer.NextAsync(answer);
            await writer.CompleteAsync();
            return;
        }

        using var place = limits.TryEnter("sse");
        if (place is null || !place.TryBelongTo(http.User))
        {
            http.SetError(place is null
                ? new ErrorException(ErrorCode.ServiceUnavailable, "There are too many connections at present.") { RetryAfter = options.Value.KeepAlive }
                : new ErrorException(ErrorCode.RateLimitExceeded, "This caller has too many connections.") { RetryAfter = options.Value.KeepAlive });
            http.Response.StatusCode = (place is null ? ErrorCode.ServiceUnavailable : ErrorCode.RateLimitExceeded).Status;
            return;
        }

        await WriteAsync(exchange, stream, writer);
    }

    private async Task WriteAsync(GraphQLExchange exchange, IObservable<object?> stream, EventStreamWriter writer)
    {
        var http = exchange.Http;
        using var token = tokens.Of(http.User);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(token.Reached, http.RequestAborted, lifetime.ApplicationStopping);
        await writer.StartAsync();
        try
        {
            await using var answers = responses.ReadAsync(exchange, http, stream, ended.Token).GetAsyncEnumerator(ended.Token);
            while (await NextAsync(answers, writer))
            {
                await writer.NextAsync(answers.Current);
            }
        }
        catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested)
        {
            if (!token.Reached.IsCancellationRequested)
            {
                // The service goes. Without 'complete' a client knows that there is more, and comes again with the last id.
                return;
            }

            await writer.NextAsync(OperationAnswer.Error(ErrorCode.Unauthorized, token.Reason + "."));
        }

        await writer.CompleteAsync();
    }

    private async Task<bool> NextAsync(IAsyncEnumerator<OperationAnswer> answers, EventStreamWriter writer)
    {
        var next = answers.MoveNextAsync().AsTask();
        while (true)
        {
            try
            {
                return await next.WaitAsync(options.Value.KeepAlive, time);
            }
            catch (TimeoutException) when (!next.IsCompleted)
            {
                if (!await writer.TryCommentAsync())
                {
                    // The request is aborted, and ends what is waited for.
                    await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
        }
    }
}

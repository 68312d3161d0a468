using System.Collections.Concurrent;
using System.Security.Claims;
using System.Threading.Channels;
using Platform.Errors;
using Platform.GraphQL.Transport;

namespace Platform.GraphQL.Subscriptions.ServerSentEvents;

/// <summary>
/// A reservation, and the stream once it is opened. Operations are begun by requests of their own and run within the stream's request, so they end with it.
/// </summary>
internal sealed class SingleStream
{
    private readonly ConcurrentDictionary<string, CancellationTokenSource> _operations = new(StringComparer.Ordinal);
    private readonly Channel<Begun> _begun = Channel.CreateUnbounded<Begun>();
    private readonly Channel<Func<EventStreamWriter, Task>> _messages;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConnectionLimits.Place _place;
    private readonly TokenEnds _tokens;
    private readonly ITimer _unclaimed;
    private readonly ResponseStreams _responses;
    private readonly OperationRunner _runner;
    private readonly ResultWriter _results;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly TimeProvider _time;
    private readonly SubscriptionOptions _options;
    private int _opened;

    public SingleStream(
        ClaimsPrincipal user,
        ConnectionLimits.Place place,
        TokenEnds tokens,
        ResponseStreams responses,
        OperationRunner runner,
        ResultWriter results,
        IHostApplicationLifetime lifetime,
        TimeProvider time,
        SubscriptionOptions options)
    {
        (User, _place, _tokens, _responses, _runner, _results, _lifetime, _time, _options) = (user, place, tokens, responses, runner, results, lifetime, time, options);
        _messages = Channel.CreateBounded<Func<EventStreamWriter, Task>>(options.MaxPending);
        _unclaimed = time.CreateTimer(_ => GiveUp(), null, options.InitTimeout, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whose it is.</summary>
    public ClaimsPrincipal User { get; }

    /// <summary>Completes when it is over, whether it was ever opened or not.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Takes the reservation up; false when somebody did before.</summary>
    public bool TryOpen() => Interlocked.Exchange(ref _opened, 1) == 0;

    /// <summary>Begins an operation.</summary>
    /// <returns>Why it did not begin; null when its answers come over the stream.</returns>
    public async Task<OperationAnswer?> StartAsync(GraphQLExchange request)
    {
        if (request.Parameters.Extensions is not { } extensions || !extensions.TryGetValue("operationId", out var id) || id is not string { Length: > 0 } operationId)
        {
            return await _runner.RefuseAsync(request, Refusal.Malformed("The extension 'operationId' is missing."));
        }

        var begun = new Begun(operationId, request.Parameters, request.Http.User);
        if (!_begun.Writer.TryWrite(begun))
        {
            return await _runner.RefuseAsync(request, Refusal.Http(ErrorCode.ResourceNotFound, "The event stream is over."));
        }

        return await begun.Answer.Task.WaitAsync(_options.InitTimeout + _options.SendTimeout, _time, request.Http.RequestAborted);
    }

    /// <summary>Ends an operation ("Stopping streaming operations"); one that is not there has ended already.</summary>
    public void Stop(string operationId)
    {
        if (_operations.TryRemove(operationId, out var operation))
        {
            operation.Cancel();
        }
    }

    /// <summary>Writes the stream until the client goes, its token ends or the service stops.</summary>
    public async Task RunAsync(HttpContext http)
    {
        await _unclaimed.DisposeAsync();
        using var token = _tokens.Of(User);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(token.Reached, http.RequestAborted, _lifetime.ApplicationStopping);
        var writer = new EventStreamWriter(http, _results, _options.SendTimeout, _time);
        try
        {
            await writer.StartAsync();
            await Task.WhenAll(WriteAsync(writer, ended.Token), BeginAsync(http, ended.Token));
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // Its clients come again, with a new token where the old one has ended.
        }
        finally
        {
            await ended.CancelAsync();
            End();
        }
    }

    private async Task WriteAsync(EventStreamWriter writer, CancellationToken ended)
    {
        while (true)
        {
            try
            {
                var message = await _messages.Reader.ReadAsync(ended).AsTask().WaitAsync(_options.KeepAlive, _time, ended);
                await message(writer);
            }
            catch (TimeoutException)
            {
                await writer.TryCommentAsync();
            }
        }
    }

    private async Task BeginAsync(HttpContext http, CancellationToken ended)
    {
        await foreach (var begun in _begun.Reader.ReadAllAsync(ended))
        {
            _ = RunAsync(http, begun, ended);
        }
    }

    private async Task RunAsync(HttpContext http, Begun begun, CancellationToken ended)
    {
        // An operation ends with the token that it was begun with, also when that is not the stream's.
        using var token = _tokens.Of(begun.User);
        using var operation = CancellationTokenSource.CreateLinkedTokenSource(ended, token.Reached);
        try
        {
            await using var inner = new InnerRequest(http, begun.User, operation.Token);
            var exchange = _runner.Begin(inner.Http, begun.Parameters);
            exchange.AcceptsStream = true;
            if (_operations.Count >= _options.MaxOperationsPerConnection)
            {
                begun.Answer.TrySetResult(await _runner.RefuseAsync(exchange, Refusal.Http(ErrorCode.RateLimitExceeded, "The stream has too many operations.")));
                return;
            }

            if (!_operations.TryAdd(begun.Id, operation))
            {
                begun.Answer.TrySetResult(await _runner.RefuseAsync(exchange, Refusal.Http(ErrorCode.OperationNotAllowed, "The stream has an operation with this id.")));
                return;
            }

            await AnswerAsync(http, begun, exchange, operation.Token);
        }
        catch (OperationCanceledException) when (token.Reached.IsCancellationRequested && !ended.IsCancellationRequested)
        {
            await EndAsync(begun.Id, OperationAnswer.Error(ErrorCode.Unauthorized, token.Reason + "."), ended);
        }
        catch (OperationCanceledException)
        {
            // It was stopped, or the stream is over.
        }
        catch (Exception exception)
        {
            begun.Answer.TrySetException(exception);
        }
        finally
        {
            _operations.TryRemove(KeyValuePair.Create(begun.Id, operation));
            begun.Answer.TrySetResult(null);
        }
    }

    private async Task AnswerAsync(HttpContext http, Begun begun, GraphQLExchange exchange, CancellationToken ended)
    {
        var answer = await _runner.RunAsync(exchange);
        if (answer is { Stream: null, HasData: false })
        {
            begun.Answer.TrySetResult(answer);
            return;
        }

        begun.Answer.TrySetResult(null);
        if (answer.Stream is not { } stream)
        {
            await SendAsync(writer => writer.NextAsync(answer, begun.Id), ended);
        }
        else
        {
            await foreach (var next in _responses.ReadAsync(exchange, http, stream, ended))
            {
                await SendAsync(writer => writer.NextAsync(next, begun.Id), ended);
            }
        }

        await SendAsync(writer => writer.CompleteAsync(begun.Id), ended);
    }

    private async Task EndAsync(string id, OperationAnswer last, CancellationToken ended)
    {
        try
        {
            await SendAsync(writer => writer.NextAsync(last, id), ended);
            await SendAsync(writer => writer.CompleteAsync(id), ended);
        }
        catch (OperationCanceledException)
        {
            // The stream has ended with the same token.
        }
    }

    private ValueTask SendAsync(Func<EventStreamWriter, Task> message, CancellationToken ended) => _messages.Writer.WriteAsync(message, ended);

    private void GiveUp()
    {
        if (TryOpen())
        {
            End();
        }
    }

    private void End()
    {
        _begun.Writer.TryComplete();
        while (_begun.Reader.TryRead(out var late))
        {
            late.Answer.TrySetResult(OperationAnswer.Error(ErrorCode.ResourceNotFound, "The event stream is over."));
        }

        _unclaimed.Dispose();
        _place.Dispose();
        _ended.TrySetResult();
    }

    private sealed record Begun(string Id, RequestParameters Parameters, ClaimsPrincipal User)
    {
        public TaskCompletionSource<OperationAnswer?> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Platform.Errors;
using Platform.GraphQL.Errors;
using Platform.GraphQL.Subscriptions.Sources;
using Platform.GraphQL.Transport;
using Platform.GraphQL.Transport.Steps;

namespace Platform.GraphQL.Subscriptions;

/// <summary>
/// Makes the response stream of a subscription (GraphQL specification, section 6.2.3.2): each source event is executed in services of its own, one
/// after another, as fast as the subscriber takes the answers. One that lets too many wait is told so, and cut off.
/// </summary>
internal sealed class ResponseStreams(IServiceProvider services, OperationRunner runner, IOptions<SubscriptionOptions> options)
{
    /// <summary>The extension by which a client says behind which event to go on.</summary>
    public const string LastEventId = "lastEventId";

    private readonly int _maxPending = options.Value.MaxPending;

    // The step is one of a list.
    private readonly ExecuteOperation _execution = services.GetServices<ITransportStep>().OfType<ExecuteOperation>().Single();

    /// <summary>The answers, until the source ends or fails; a failure is the last of them.</summary>
    /// <param name="exchange">The subscription.</param>
    /// <param name="outer">The connection that it came by, or its own request.</param>
    /// <param name="stream">Its source.</param>
    /// <param name="ended">Ends it.</param>
    public async IAsyncEnumerable<OperationAnswer> ReadAsync(
        GraphQLExchange exchange, HttpContext outer, IObservable<object?> stream, [EnumeratorCancellation] CancellationToken ended)
    {
        var pending = new Pending(_maxPending);
        SubscriptionTelemetry.Active.Add(1);
        var outcome = "completed";
        IDisposable? listening = null;
        try
        {
            (listening, var refusal) = await ListenAsync(stream, pending, LastEventIdOf(exchange), ended);
            while (refusal is null)
            {
                (var found, var sourceEvent, refusal) = await pending.NextAsync(ended);
                if (!found)
                {
                    break;
                }

                await using var inner = new InnerRequest(outer, exchange.Http.User, ended);
                var result = await _execution.ExecuteEventAsync(exchange, inner.Http, sourceEvent, ended);
                SubscriptionTelemetry.Events.Add(1);
                yield return runner.Describe(exchange, result) with { EventId = (sourceEvent as ISourceEvent)?.Id };
            }

            if (refusal is not null)
            {
                outcome = refusal.Code == ErrorCode.RateLimitExceeded ? "slow" : "failed";
                yield return new([new PublicError(refusal.Code, refusal.Message) { RetryAfter = refusal.RetryAfter }], HasData: false, Data: null);
            }
        }
        finally
        {
            listening?.Dispose();
            SubscriptionTelemetry.Active.Add(-1);
            SubscriptionTelemetry.Ended.Add(1, new KeyValuePair<string, object?>(SubscriptionTelemetry.Outcome, outcome));
        }
    }

    private static async Task<(IDisposable? Listening, ErrorException? Refusal)> ListenAsync(
        IObservable<object?> stream, Pending pending, string? after, CancellationToken ended)
    {
        try
        {
            return (stream is IAwaitedSource awaited ? await awaited.SubscribeAsync(pending, after, ended) : stream.Subscribe(pending), null);
        }
        catch (ErrorException refusal)
        {
            return (null, refusal);
        }
    }

    // What EventSource sends by itself (HTML, section 9.2.4), and what other clients may send.
    private static string? LastEventIdOf(GraphQLExchange exchange)
    {
        var header = exchange.Http.Request.Headers["Last-Event-ID"].ToString();
        return !exchange.IsInner && header.Length > 0 ? header
            : exchange.Parameters.Extensions is { } extensions && extensions.TryGetValue(LastEventId, out var id) ? id as string : null;
    }

    /// <summary>The events that wait for the subscriber.</summary>
    private sealed class Pending(int capacity) : IObserver<object?>
    {
        private readonly Channel<object?> _events = Channel.CreateBounded<object?>(new BoundedChannelOptions(capacity) { SingleReader = true });
        private volatile ErrorException? _failure;

        public void OnNext(object? value)
        {
            if (!_events.Writer.TryWrite(value))
            {
                _failure ??= new ErrorException(ErrorCode.RateLimitExceeded, "The subscriber is slower than its events. Go on behind the last one that was taken.");
                _events.Writer.TryComplete();
            }
        }

        public void OnError(Exception error)
        {
            _failure ??= error as ErrorException ?? new ErrorException(ErrorCode.InternalError, innerException: error);
            _events.Writer.TryComplete();
        }

        public void OnCompleted() => _events.Writer.TryComplete();

        public async ValueTask<(bool Found, object? Event, ErrorException? Failure)> NextAsync(CancellationToken cancellationToken)
        {
            // What is there already was in time.
            while (await _events.Reader.WaitToReadAsync(cancellationToken))
            {
                if (_events.Reader.TryRead(out var sourceEvent))
                {
                    return (true, sourceEvent, null);
                }
            }

            return (false, null, _failure);
        }
    }
}

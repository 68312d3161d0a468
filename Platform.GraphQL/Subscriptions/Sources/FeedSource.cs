using System.Globalization;
using Platform.Errors;
using Platform.Messaging.Feed;

namespace Platform.GraphQL.Subscriptions.Sources;

/// <summary>The source stream of what the outbox tells: the same events in the same order at every replica, so that any of them can go on for another.</summary>
/// <param name="feed">Tells of events.</param>
/// <param name="eventTypes">Which types are read again for those who go on.</param>
/// <param name="select">Makes the source event of one that was heard, or null of one that does not belong to the stream.</param>
internal sealed class FeedSource(IEventFeed feed, IReadOnlyCollection<string> eventTypes, Func<FeedEvent, ISourceEvent?> select) : IAwaitedSource
{
    /// <summary>The most events that are read again for one subscriber.</summary>
    public const int MaxReplay = 1_000;

    /// <summary>The id of an event: its position in the log.</summary>
    public static string IdOf(FeedEvent heard) => heard.Envelope.Position.ToString(CultureInfo.InvariantCulture);

    /// <summary>For executors that know no more than observables; it begins a moment later.</summary>
    public IDisposable Subscribe(IObserver<object?> observer)
    {
        var listening = ListenAsync(observer);
        return new Ending(listening);
    }

    private async Task<IDisposable?> ListenAsync(IObserver<object?> observer)
    {
        try
        {
            return await SubscribeAsync(observer, after: null, CancellationToken.None);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            observer.OnError(exception);
            return null;
        }
    }

    public async Task<IDisposable> SubscribeAsync(IObserver<object?> observer, string? after, CancellationToken cancellationToken)
    {
        var joining = new Joining(select, observer);
        var listening = await feed.ListenAsync(joining.Heard, cancellationToken);
        try
        {
            joining.Begin(after is null ? null : await HistoryAsync(after, cancellationToken));
            return listening;
        }
        catch
        {
            listening.Dispose();
            throw;
        }
    }

    private async Task<FeedHistory> HistoryAsync(string after, CancellationToken cancellationToken) =>
        long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var position)
        && await feed.ReadAfterAsync(position, eventTypes, MaxReplay, cancellationToken) is { } history
            ? history
            : throw new ErrorException(
                ErrorCode.ResourceGone, "What came behind this event is not kept, or is too much: read the present state, and subscribe without an event id.");

    /// <summary>Holds back what is heard until what came before it was told.</summary>
    private sealed class Joining(Func<FeedEvent, ISourceEvent?> select, IObserver<object?> observer)
    {
        private readonly Lock _gate = new();
        private List<FeedEvent>? _early = [];
        private long _after;

        public void Heard(FeedEvent heard)
        {
            lock (_gate)
            {
                if (_early is not null)
                {
                    _early.Add(heard);
                    return;
                }

                Pass(heard);
            }
        }

        public void Begin(FeedHistory? history)
        {
            lock (_gate)
            {
                foreach (var heard in history?.Events ?? [])
                {
                    Pass(heard);
                }

                _after = history?.UpTo ?? 0;
                foreach (var heard in _early!)
                {
                    Pass(heard);
                }

                _early = null;
            }
        }

        private void Pass(FeedEvent heard)
        {
            if (heard.Envelope.Position > _after && select(heard) is { } selected)
            {
                observer.OnNext(selected);
            }
        }
    }

    private sealed class Ending(Task<IDisposable?> listening) : IDisposable
    {
        public void Dispose() => _ = EndAsync();

        private async Task EndAsync() => (await listening)?.Dispose();
    }
}

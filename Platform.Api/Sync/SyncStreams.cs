using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Platform.Api.Http;
using Platform.Errors;
using Platform.ServiceDefaults.Http;

namespace Platform.Api.Sync;

/// <summary>
/// Keeps streams of changes open (server-sent events, HTML standard, section 9.2). The id of an event is the cursor behind it, so a client that comes back
/// with <c>Last-Event-ID</c> misses nothing, whichever replica it meets. Thread safe.
/// </summary>
internal sealed class SyncStreams(IOptions<SyncOptions> options, TimeProvider time, IHostApplicationLifetime lifetime)
{
    private const int ReconnectMilliseconds = 1_000;

    private static readonly TimeSpan FullRetry = TimeSpan.FromSeconds(10);

    private readonly SyncOptions _options = options.Value;
    private readonly ConcurrentDictionary<string, int> _byCaller = new(StringComparer.Ordinal);
    private int _open;

    /// <summary>Serves one stream until the client goes, its token or its time is over, or the host stops.</summary>
    /// <param name="http">The request.</param>
    /// <param name="caller">Whose stream it is.</param>
    /// <param name="from">Where to go on; from the start when null.</param>
    /// <param name="limit">How many changes an event holds at most.</param>
    /// <param name="feed">Gives the changes.</param>
    public async Task ServeAsync(HttpContext http, string caller, SyncCursor? from, int limit, SyncFeed feed)
    {
        Enter(caller);
        try
        {
            // The token is checked once, at the beginning: the stream lasts no longer than it.
            await EventStream.ServeAsync(http, Left(http), time, end => StreamAsync(http.Response, from, limit, feed, end), lifetime.ApplicationStopping);
        }
        finally
        {
            Leave(caller);
        }
    }

    private async Task StreamAsync(HttpResponse response, SyncCursor? from, int limit, SyncFeed feed, CancellationToken end)
    {
        // Before anything is sent: a cursor that is too old is refused like anything else.
        var (answer, next) = await feed.ReadAsync(from, limit, TimeSpan.Zero, end);
        EventStream.Open(response);
        await response.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"retry: {ReconnectMilliseconds}\n\n"), end);
        while (true)
        {
            // An id without data moves the client on, and dispatches nothing.
            await response.WriteAsync($"id: {answer.Cursor}\n", end);
            await response.WriteAsync(
                answer.Changes.Count == 0 ? ":\n\n" : $"event: changes\ndata: {JsonSerializer.Serialize(answer, ApiJson.Default.SyncResponse)}\n\n", end);
            await response.Body.FlushAsync(end);
            (answer, next) = await feed.ReadAsync(next, limit, answer.More ? TimeSpan.Zero : _options.Heartbeat, end);
        }
    }

    private TimeSpan Left(HttpContext http)
    {
        var left = _options.Lifetime;
        if (long.TryParse(http.User.FindFirst("exp")?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            var token = DateTimeOffset.FromUnixTimeSeconds(seconds) - time.GetUtcNow();
            left = token < left ? token : left;
        }

        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private void Enter(string caller)
    {
        if (_byCaller.AddOrUpdate(caller, 1, (_, count) => count + 1) > _options.MaxStreamsPerCaller)
        {
            LeaveCaller(caller);
            throw new ErrorException(ErrorCode.RateLimitExceeded, $"More than {_options.MaxStreamsPerCaller} streams are open.") { RetryAfter = FullRetry };
        }

        if (Interlocked.Increment(ref _open) > _options.MaxStreams)
        {
            Leave(caller);
            throw new ErrorException(ErrorCode.ServiceUnavailable, "There are too many streams open here.") { RetryAfter = FullRetry };
        }
    }

    private void Leave(string caller)
    {
        Interlocked.Decrement(ref _open);
        LeaveCaller(caller);
    }

    private void LeaveCaller(string caller)
    {
        // The last one takes the entry along: callers that are gone leave nothing behind.
        if (_byCaller.AddOrUpdate(caller, 0, (_, count) => count - 1) == 0)
        {
            _byCaller.TryRemove(KeyValuePair.Create(caller, 0));
        }
    }
}

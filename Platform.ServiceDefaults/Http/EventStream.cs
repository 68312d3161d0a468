using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Platform.ServiceDefaults.Http;

/// <summary>An answer that stays open: server-sent events (HTML standard, section 9.2).</summary>
internal static class EventStream
{
    /// <summary>Serves a stream until the client goes, its time is over, or the host stops; that is its usual end, and no error.</summary>
    /// <param name="http">The request.</param>
    /// <param name="lifetime">How long it stays open at most.</param>
    /// <param name="time">The clock of that.</param>
    /// <param name="stream">Writes it.</param>
    /// <param name="stopping">The host stops.</param>
    public static async Task ServeAsync(
        HttpContext http, TimeSpan lifetime, TimeProvider time, Func<CancellationToken, Task> stream, CancellationToken stopping)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        await using var timer = time.CreateTimer(static end => Cancel((CancellationTokenSource)end!), end, lifetime, Timeout.InfiniteTimeSpan);
        try
        {
            await stream(end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The usual end of a stream.
        }
    }

    /// <summary>Sets what tells clients and proxies that this is a stream, which nobody is to keep or to gather up.</summary>
    public static void Open(HttpResponse response)
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        response.HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
    }

    private static void Cancel(CancellationTokenSource end)
    {
        try
        {
            end.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended at the same moment.
        }
    }
}

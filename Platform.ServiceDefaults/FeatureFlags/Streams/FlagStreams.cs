using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Platform.Errors;
using Platform.FeatureFlags;
using Platform.ServiceDefaults.Http;

namespace Platform.ServiceDefaults.FeatureFlags.Streams;

/// <summary>Keeps server-sent events open (HTML standard, section 9.2): one event for each new snapshot, several changes in a row being one.</summary>
/// <remarks>An event's id is the fingerprint of the flags, the same on every replica: who comes back with it hears of nothing that he knows.</remarks>
internal sealed class FlagStreams(LiveFlags flags, IOptions<FlagStreamOptions> options, TimeProvider time, IHostApplicationLifetime lifetime)
{
    private const int ReconnectMilliseconds = 2_000;

    private static readonly TimeSpan FullRetry = TimeSpan.FromSeconds(10);

    private readonly FlagStreamOptions _options = options.Value;
    private int _open;

    /// <summary>Streams that are open now.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Serves one stream until the client goes, its time is over or the host stops.</summary>
    public async Task ServeAsync(HttpContext http, Func<FlagSnapshot, string> data)
    {
        try
        {
            if (Interlocked.Increment(ref _open) > _options.MaxStreams)
            {
                throw new ErrorException(ErrorCode.ServiceUnavailable, "There are too many streams open here.") { RetryAfter = FullRetry };
            }

            await EventStream.ServeAsync(http, _options.Lifetime, time, end => StreamAsync(http, data, end), lifetime.ApplicationStopping);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private async Task StreamAsync(HttpContext http, Func<FlagSnapshot, string> data, CancellationToken end)
    {
        var response = http.Response;
        EventStream.Open(response);

        var known = http.Request.Headers["Last-Event-ID"].ToString();
        var snapshot = flags.Snapshot;
        await WriteAsync(response, $"retry: {ReconnectMilliseconds}\n{(known == snapshot.Fingerprint ? ": nothing new\n\n" : Event(snapshot, data))}", end);
        while (true)
        {
            await UntilChangedAsync(response, snapshot, end);
            snapshot = flags.Snapshot;
            await WriteAsync(response, Event(snapshot, data), end);
        }
    }

    /// <summary>Sends heartbeats until another snapshot answers, or the present one may answer otherwise.</summary>
    private async Task UntilChangedAsync(HttpResponse response, FlagSnapshot snapshot, CancellationToken end)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(end);
        var change = flags.WaitForChangeAsync(snapshot, waiting.Token);
        var again = snapshot.IsSteady ? null : Task.Delay(_options.RefetchInterval, time, waiting.Token);
        while (true)
        {
            var beat = Task.Delay(_options.Heartbeat, time, waiting.Token);
            var first = await (again is null ? Task.WhenAny(change, beat) : Task.WhenAny(change, again, beat));
            await first;
            if (first != beat)
            {
                await waiting.CancelAsync();
                return;
            }

            await WriteAsync(response, ":\n\n", end);
        }
    }

    private static string Event(FlagSnapshot snapshot, Func<FlagSnapshot, string> data) => $"id: {snapshot.Fingerprint}\ndata: {data(snapshot)}\n\n";

    private static async Task WriteAsync(HttpResponse response, string text, CancellationToken end)
    {
        await response.WriteAsync(text, Encoding.UTF8, end);
        await response.Body.FlushAsync(end);
    }
}

/// <summary>What the events of a stream say.</summary>
internal static class FlagStreamData
{
    /// <summary>OFREP: clients ask for everything again (ADR 0008 of the protocol).</summary>
    public static string Ofrep(FlagSnapshot snapshot)
    {
        var etag = JsonSerializer.Serialize($"\"{snapshot.Fingerprint}\"");
        var modified = snapshot.Document.Flags.Max(flag => flag.Modified) is { } at
            ? string.Create(CultureInfo.InvariantCulture, $",\"lastModified\":{at.ToUnixTimeSeconds()}")
            : "";
        return $$"""{"type":"refetchEvaluation","etag":{{etag}}{{modified}}}""";
    }

    /// <summary>Platform's own.</summary>
    public static string Platform(FlagSnapshot snapshot) =>
        string.Create(CultureInfo.InvariantCulture, $"{{\"version\":{snapshot.Version},\"fingerprint\":\"{snapshot.Fingerprint}\"}}");
}

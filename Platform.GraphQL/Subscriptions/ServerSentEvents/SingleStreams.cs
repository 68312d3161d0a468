using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Platform.Errors;
using Platform.GraphQL.Transport;

namespace Platform.GraphQL.Subscriptions.ServerSentEvents;

/// <summary>
/// One event stream for all operations of a client (GraphQL over Server-Sent Events, "Single connection mode"). Reservations are this process's own:
/// behind a balancer, requests with one token have to reach one replica.
/// </summary>
internal sealed class SingleStreams(
    ResponseStreams responses,
    OperationRunner runner,
    ResultWriter results,
    ConnectionLimits limits,
    TokenEnds tokens,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    IOptions<SubscriptionOptions> options)
{
    /// <summary>The header with the reservation's token; a query parameter <c>token</c> does the same for <c>EventSource</c>.</summary>
    public const string TokenHeader = "X-GraphQL-Event-Stream-Token";

    private const string TokenParameter = "token";
    private const int TokenBytes = 32;

    private readonly ConcurrentDictionary<string, SingleStream> _streams = new(StringComparer.Ordinal);

    /// <summary>The token of a request, or null.</summary>
    public static string? TokenOf(HttpRequest request) =>
        request.Headers.TryGetValue(TokenHeader, out var header) ? header.ToString()
        : HttpMethods.IsGet(request.Method) && request.Query.TryGetValue(TokenParameter, out var parameter) ? parameter.ToString() : null;

    /// <summary>Whether a request is allowed by its token alone: the stream itself, as <c>EventSource</c> sends no headers.</summary>
    public static bool BringsTicket(HttpRequest request) => HttpMethods.IsGet(request.Method) && TokenOf(request) is not null;

    /// <summary>Handles what makes, opens and ends streams; false for everything else.</summary>
    public async Task<bool> TryHandleAsync(HttpContext http)
    {
        var request = http.Request;
        if (HttpMethods.IsPut(request.Method))
        {
            await ReserveAsync(http);
            return true;
        }

        if (TokenOf(request) is not { } token)
        {
            return false;
        }

        if (!TryFind(http, token, out var stream))
        {
            http.Refuse(ErrorCode.ResourceNotFound, "There is no event stream with this token.");
            return true;
        }

        if (HttpMethods.IsGet(request.Method))
        {
            await OpenAsync(http, stream);
            return true;
        }

        if (HttpMethods.IsDelete(request.Method))
        {
            stream.Stop(request.Query["operationId"].ToString());
            return true;
        }

        return false;
    }

    /// <summary>The stream over which a request wants to be answered, or null.</summary>
    public SingleStream? StreamOf(HttpContext http) =>
        TokenOf(http.Request) is { } token && TryFind(http, token, out var stream) ? stream : null;

    // A caller knows of no streams but its own. The one that opens it has the ticket instead of a token.
    private bool TryFind(HttpContext http, string token, [NotNullWhen(true)] out SingleStream? stream) =>
        _streams.TryGetValue(token, out stream)
        && (HttpMethods.IsGet(http.Request.Method) || ConnectionLimits.CallerOf(http.User) == ConnectionLimits.CallerOf(stream.User));

    // "Making reservations".
    private async Task ReserveAsync(HttpContext http)
    {
        var place = limits.TryEnter("sse-single");
        if (place is null || !place.TryBelongTo(http.User))
        {
            http.Refuse(place is null ? ErrorCode.ServiceUnavailable : ErrorCode.RateLimitExceeded, "There are too many connections.", options.Value.KeepAlive);
            place?.Dispose();
            return;
        }

        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));
        var stream = new SingleStream(http.User, place, tokens, responses, runner, results, lifetime, time, options.Value);
        _streams[token] = stream;
        _ = stream.Ended.ContinueWith(_ => _streams.TryRemove(token, out SingleStream? _), TaskScheduler.Default);
        http.Response.StatusCode = StatusCodes.Status201Created;
        http.Response.ContentType = "text/plain; charset=utf-8";
        http.Response.Headers.CacheControl = "no-store";
        await http.Response.WriteAsync(token, http.RequestAborted);
    }

    private static async Task OpenAsync(HttpContext http, SingleStream stream)
    {
        // "There MUST never be multiple SSE connections behind a single reservation."
        if (!stream.TryOpen())
        {
            http.Refuse(ErrorCode.OperationNotAllowed, "The event stream is open already.");
            return;
        }

        http.User = stream.User;
        await stream.RunAsync(http);
    }
}

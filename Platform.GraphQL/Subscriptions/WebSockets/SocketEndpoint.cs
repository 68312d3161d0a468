using Microsoft.Extensions.Options;
using Platform.Errors;
using Platform.GraphQL.Transport;

namespace Platform.GraphQL.Subscriptions.WebSockets;

/// <summary>Accepts WebSockets of the sub-protocol <c>graphql-transport-ws</c> and keeps them until they close.</summary>
internal sealed class SocketEndpoint(
    OperationRunner runner,
    ResponseStreams responses,
    ResultWriter results,
    ConnectionLimits limits,
    TokenEnds tokens,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    IOptions<SubscriptionOptions> options,
    IOptions<GraphQLOptions> limitsOfRequests,
    ILogger<SocketEndpoint> logger)
{
    private const string SubProtocol = "graphql-transport-ws";

    /// <summary>Handles a handshake (RFC 6455, section 4.2).</summary>
    public async Task HandleAsync(HttpContext http)
    {
        if (!http.WebSockets.WebSocketRequestedProtocols.Contains(SubProtocol))
        {
            http.Refuse(ErrorCode.InvalidInput, $"The sub-protocol is {SubProtocol}.");
            return;
        }

        using var place = limits.TryEnter("websocket");
        if (place is null)
        {
            http.Refuse(ErrorCode.ServiceUnavailable, "There are too many connections at present.", options.Value.KeepAlive);
            return;
        }

        using var socket = await http.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
        {
            SubProtocol = SubProtocol,
            KeepAliveInterval = options.Value.KeepAlive,
            KeepAliveTimeout = options.Value.KeepAlive,
        });
        using var connection = new SocketConnection(
            socket, http, place, tokens, runner, responses, results, lifetime, time, options.Value, limitsOfRequests.Value.MaxBodyBytes, logger);
        await connection.RunAsync();
    }
}

using Microsoft.AspNetCore.Authorization;
using Platform.GraphQL.Subscriptions.ServerSentEvents;

namespace Platform.GraphQL.Authorization;

/// <summary>Who reaches the address of GraphQL at all.</summary>
internal static class GraphQLAccess
{
    /// <summary>
    /// Callers with a valid token; and what a browser cannot send a token with, and which shows it otherwise before anything is executed: the handshake of a
    /// WebSocket (<c>connection_init</c> has the token), and an event stream that was reserved with a token (and has a ticket).
    /// </summary>
    public static AuthorizationPolicy Policy { get; } = new AuthorizationPolicyBuilder()
        .RequireAssertion(context =>
            context.User.Identity is { IsAuthenticated: true }
            || (context.Resource is HttpContext http && (http.WebSockets.IsWebSocketRequest || SingleStreams.BringsTicket(http.Request))))
        .Build();
}

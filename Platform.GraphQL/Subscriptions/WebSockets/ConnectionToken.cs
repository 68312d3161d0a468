using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;

namespace Platform.GraphQL.Subscriptions.WebSockets;

/// <summary>
/// Finds out who opens a connection: the token of the handshake, or the one in the payload of <c>connection_init</c>, as browsers send no headers with a
/// handshake. It is checked like the token of any request.
/// </summary>
internal static class ConnectionToken
{
    private const string Bearer = "Bearer ";

    /// <summary>Reads the token out of the payload: <c>{"authorization": "Bearer …"}</c>, also below <c>headers</c>, in any case.</summary>
    public static string? Read(JsonElement payload)
    {
        if (payload.ValueKind is not JsonValueKind.Object)
        {
            return null;
        }

        foreach (var property in payload.EnumerateObject())
        {
            if (property.Name.Equals("authorization", StringComparison.OrdinalIgnoreCase) && property.Value.ValueKind is JsonValueKind.String)
            {
                var value = property.Value.GetString()!;
                return value.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? value : Bearer + value;
            }
        }

        return payload.TryGetProperty("headers", out var headers) ? Read(headers) : null;
    }

    /// <summary>Who it is; null when the endpoint asks for a caller and this is none.</summary>
    public static async Task<ClaimsPrincipal?> AuthenticateAsync(HttpContext handshake, string? token, CancellationToken cancellationToken)
    {
        if (token is null)
        {
            var open = handshake.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>() is null;
            return open || handshake.User.Identity is { IsAuthenticated: true } ? handshake.User : null;
        }

        await using var request = new InnerRequest(handshake, new ClaimsPrincipal(), cancellationToken);
        request.Http.Request.Headers.Authorization = token;
        return await request.Http.AuthenticateAsync() is { Succeeded: true, Principal: { } caller } ? caller : null;
    }
}

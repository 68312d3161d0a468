using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;

namespace Platform.ServiceDefaults.Idempotency;

/// <summary>Makes requests that change something safe to repeat.</summary>
public static class IdempotencyExtensions
{
    /// <summary>
    /// Honours <c>Idempotency-Key</c> (draft-ietf-httpapi-idempotency-key-header) at the endpoint: a request that was answered with 2xx is answered
    /// the same again, with <c>Idempotency-Replayed: true</c>; while it is being answered, 409 with <c>Retry-After</c>; another request with its key, 422.
    /// What was refused had no effect, so it is tried anew. Keys belong to the client that the token names.
    /// </summary>
    public static RouteHandlerBuilder Idempotent(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(IdempotentMetadata.Instance);

    // RFC 9068, section 2.2: the client that asked for the token, and whom it is about.
    internal static string? Caller(ClaimsPrincipal user)
    {
        var caller = $"{user.FindFirst("client_id")?.Value} {user.FindFirst("sub")?.Value}".Trim();
        return caller.Length switch
        {
            0 => null,
            <= 200 => caller,
            _ => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(caller))),
        };
    }

    /// <summary>Answers repeated requests; behind authorization. The host has an <c>IIdempotencyStore</c>.</summary>
    public static IApplicationBuilder UseIdempotency(this IApplicationBuilder app) => app.UseMiddleware<IdempotentRequests>();
}

/// <summary>Marks an endpoint whose requests may carry a key.</summary>
public sealed class IdempotentMetadata
{
    internal static readonly IdempotentMetadata Instance = new();

    private IdempotentMetadata()
    {
    }
}

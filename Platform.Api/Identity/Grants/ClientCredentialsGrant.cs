using System.Security.Claims;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using Platform.ServiceDefaults.Identity;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Platform.Api.Identity.Grants;

// RFC 6749, section 4.4. OpenIddict has authenticated the client and checked that it may have the scopes that it asks for.
internal sealed class ClientCredentialsGrant(IOpenIddictApplicationManager clients, IOptions<IdentityOptions> identity)
    : IOpenIddictServerHandler<HandleTokenRequestContext>
{
    public async ValueTask HandleAsync(HandleTokenRequestContext context)
    {
        if (!context.Request.IsClientCredentialsGrantType())
        {
            return;
        }

        var client = await clients.FindByClientIdAsync(context.ClientId!, context.CancellationToken)
            ?? throw new InvalidOperationException("The client was authenticated and is not there.");
        var caller = new ClaimsIdentity("client_credentials", Claims.Name, Claims.Role);
        caller.SetClaim(Claims.Subject, context.ClientId);
        caller.SetClaim(Claims.Name, await clients.GetDisplayNameAsync(client, context.CancellationToken));
        caller.SetScopes(await ScopesAsync(context, client));
        caller.SetResources(identity.Value.Audience);
        caller.SetDestinations(static _ => [Destinations.AccessToken]);
        context.SignIn(new ClaimsPrincipal(caller));
    }

    // Who asks for no scope gets all that the client may have: the default that section 3.3 lets the server choose.
    private async Task<IEnumerable<string>> ScopesAsync(HandleTokenRequestContext context, object client)
    {
        if (context.Request.GetScopes() is { Length: > 0 } asked)
        {
            return asked;
        }

        return (await clients.GetPermissionsAsync(client, context.CancellationToken))
            .Where(permission => permission.StartsWith(Permissions.Prefixes.Scope, StringComparison.Ordinal))
            .Select(permission => permission[Permissions.Prefixes.Scope.Length..]);
    }
}

using OpenIddict.Abstractions;
using OpenIddict.Server;
using Platform.EntityFrameworkCore.Identity.Users;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using ProtocolErrors = OpenIddict.Abstractions.OpenIddictConstants.Errors;

namespace Platform.Api.Identity.Grants;

// RFC 6749, sections 4.1.3 and 6. OpenIddict has checked the code or refresh token, the client, the redirect URI and the verifier.
internal sealed class UserGrants(UserAccounts users, TokenOwner owner) : IOpenIddictServerHandler<HandleTokenRequestContext>
{
    public async ValueTask HandleAsync(HandleTokenRequestContext context)
    {
        if (!context.Request.IsAuthorizationCodeGrantType() && !context.Request.IsRefreshTokenGrantType())
        {
            return;
        }

        var user = await users.FindAsync(context.Principal!.GetClaim(Claims.Subject)!);
        if (owner.Renew(user, context.Principal!) is { } principal)
        {
            context.SignIn(principal);
        }
        else
        {
            context.Reject(ProtocolErrors.InvalidGrant, "The user may not have tokens any more.");
        }
    }
}

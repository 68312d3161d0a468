using OpenIddict.Abstractions;
using OpenIddict.Server;
using Platform.EntityFrameworkCore.Identity.Tokens;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Platform.Api.Identity.Grants;

/// <summary>
/// Tells every host of a token that its client gave back. With a refresh token go the access tokens of the same sign-in (RFC 7009, section 2.1);
/// comes after OpenIddict's own handler, which knows whether the client may do it.
/// </summary>
internal sealed class RevokeEverywhere(TokenFamilies families) : IOpenIddictServerHandler<HandleRevocationRequestContext>
{
    public async ValueTask HandleAsync(HandleRevocationRequestContext context)
    {
        if (context.IsRejected || context.GenericTokenPrincipal is not { } token)
        {
            return;
        }

        if (token.GetTokenType() is TokenTypeIdentifiers.RefreshToken && Guid.TryParse(token.GetAuthorizationId(), out var family))
        {
            await families.RevokeAsync(family, context.CancellationToken);
        }
        else if (Guid.TryParse(token.GetTokenId(), out var id))
        {
            await families.RevokeTokenAsync(id, context.CancellationToken);
        }
    }
}

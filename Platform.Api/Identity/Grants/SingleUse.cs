using OpenIddict.Abstractions;
using OpenIddict.Server;
using Platform.EntityFrameworkCore.Identity.Tokens;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;
using ProtocolErrors = OpenIddict.Abstractions.OpenIddictConstants.Errors;

namespace Platform.Api.Identity.Grants;

/// <summary>
/// A code and a refresh token work once, also among requests that race; whoever comes second ends the family (RFC 6749, section 10.5;
/// RFC 9700, section 4.14.2). Stands in for OpenIddict's own handler, which lets refresh requests that race all pass.
/// </summary>
internal sealed class SingleUse(IOpenIddictTokenManager tokens, TokenFamilies families, ILogger<SingleUse> logger)
    : IOpenIddictServerHandler<ProcessSignInContext>
{
    private readonly RedeemTokenEntry _others = new(tokens);

    public async ValueTask HandleAsync(ProcessSignInContext context)
    {
        if (context.EndpointType is not OpenIddictServerEndpointType.Token)
        {
            await _others.HandleAsync(context);
            return;
        }

        var authentication = context.Transaction.GetProperty<ProcessAuthenticationContext>(typeof(ProcessAuthenticationContext).FullName!);
        var presented = context.Request.IsAuthorizationCodeGrantType() ? authentication?.AuthorizationCodePrincipal
            : context.Request.IsRefreshTokenGrantType() ? authentication?.RefreshTokenPrincipal
            : null;
        if (presented is null)
        {
            return;
        }

        if (!Guid.TryParse(presented.GetTokenId(), out var id) || !await families.RedeemAsync(id, context.CancellationToken))
        {
            await EndAsync(families, presented.GetAuthorizationId(), logger, context.CancellationToken);
            context.Reject(ProtocolErrors.InvalidGrant, "The code or refresh token has been used before.");
        }
    }

    internal static async Task EndAsync(TokenFamilies families, string? family, ILogger logger, CancellationToken cancellationToken)
    {
        if (Guid.TryParse(family, out var id) && await families.RevokeAsync(id, cancellationToken))
        {
            Log.TokenReused(logger, id);
        }
    }
}

/// <summary>Whoever presents what was used before ends the family; OpenIddict's own handler, which comes after, refuses it.</summary>
internal sealed class ReuseDetection(IOpenIddictTokenManager tokens, TokenFamilies families, ILogger<ReuseDetection> logger)
    : IOpenIddictServerHandler<ValidateTokenContext>
{
    public async ValueTask HandleAsync(ValidateTokenContext context)
    {
        // Introspecting or revoking a token that was used is no attempt to use it.
        if (context.Transaction.EndpointType is not OpenIddictServerEndpointType.Token
            || context.Principal?.GetTokenType() is not (TokenTypeIdentifiers.RefreshToken or TokenTypeIdentifiers.Private.AuthorizationCode)
            || context.Principal.GetTokenId() is not { } id
            || await tokens.FindByIdAsync(id, context.CancellationToken) is not { } token)
        {
            return;
        }

        if (await tokens.HasStatusAsync(token, Statuses.Redeemed, context.CancellationToken))
        {
            await SingleUse.EndAsync(families, context.Principal.GetAuthorizationId(), logger, context.CancellationToken);
        }
    }
}

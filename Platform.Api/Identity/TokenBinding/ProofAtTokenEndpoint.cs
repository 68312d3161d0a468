using Microsoft.AspNetCore;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using Platform.ServiceDefaults.TokenBinding;
using Platform.TokenBinding.DPoP;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Platform.Api.Identity.TokenBinding;

/// <summary>
/// Checks the proof that comes with a request for a token (RFC 9449, section 5), once the client is authenticated and its code or
/// refresh token is known to be good.
/// </summary>
internal sealed class ProofAtTokenEndpoint(RequestBinding binding, IOpenIddictApplicationManager clients)
    : IOpenIddictServerHandler<ValidateTokenRequestContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } = OpenIddictServerHandlerDescriptor
        .CreateBuilder<ValidateTokenRequestContext>()
        .UseScopedHandler<ProofAtTokenEndpoint>()
        .SetOrder(int.MaxValue - 100_000)
        .SetType(OpenIddictServerHandlerType.Custom)
        .Build();

    public async ValueTask HandleAsync(ValidateTokenRequestContext context)
    {
        var http = context.Transaction.GetHttpRequest()!.HttpContext;
        string? thumbprint = null;
        if (RequestBinding.HasProof(http))
        {
            var verdict = await binding.CheckProofAsync(http, accessToken: null, boundKey: null);
            if (verdict.Failed is { } failed)
            {
                context.Reject(failed.Error, failed.Description);
                return;
            }

            thumbprint = verdict.Thumbprint;
        }

        if (thumbprint is null && await RequiresProofAsync(context))
        {
            context.Reject(DPoPCheck.SingleHeader.Error, "This client has to send a proof of possession (DPoP).");
            return;
        }

        // Section 10: the code is for whoever has the key that was named when it was asked for; section 5: so is a public client's refresh token.
        if ((context.RefreshTokenPrincipal ?? context.AuthorizationCodePrincipal)?.GetClaim(KeyBinding.Claim) is { } bound && bound != thumbprint)
        {
            context.Reject(OpenIddictConstants.Errors.InvalidGrant, "The grant is bound to another key, or came without a proof of possession.");
            return;
        }

        if (thumbprint is not null)
        {
            context.Transaction.SetProperty(KeyBinding.Property, thumbprint);
        }
    }

    private async Task<bool> RequiresProofAsync(ValidateTokenRequestContext context) =>
        context.ClientId is { Length: > 0 } id
        && await clients.FindByClientIdAsync(id, context.CancellationToken) is { } client
        && await clients.HasRequirementAsync(client, KeyBinding.Requirement, context.CancellationToken);
}

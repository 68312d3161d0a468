using System.Buffers.Text;
using System.Security.Claims;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using Platform.ServiceDefaults.TokenBinding;
using Platform.TokenBinding.Fingerprints;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Platform.Api.Identity.TokenBinding;

/// <summary>Writes into what is issued whom it is for: the proved key (RFC 9449, section 6.1) and the client's fingerprint.</summary>
internal sealed class BindIssuedTokens(RequestBinding binding, IOpenIddictApplicationManager clients) : IOpenIddictServerHandler<ProcessSignInContext>
{
    private const string Confirmation = "cnf";
    private const string ThumbprintMember = "jkt";
    private const int HashLength = 32;

    public static OpenIddictServerHandlerDescriptor Descriptor { get; } = OpenIddictServerHandlerDescriptor
        .CreateBuilder<ProcessSignInContext>()
        .UseScopedHandler<BindIssuedTokens>()
        .SetOrder(OpenIddictServerHandlers.GenerateAccessToken.Descriptor.Order - 100)
        .SetType(OpenIddictServerHandlerType.Custom)
        .Build();

    public async ValueTask HandleAsync(ProcessSignInContext context)
    {
        var http = context.Transaction.GetHttpRequest()!.HttpContext;
        if (context.EndpointType is OpenIddictServerEndpointType.Authorization)
        {
            BindCode(context);
        }

        if (context.Transaction.GetProperty<string>(KeyBinding.Property) is { } thumbprint)
        {
            if (context.AccessTokenPrincipal is { } access)
            {
                Confirm(access, thumbprint);
            }

            // A confidential client authenticates whenever it refreshes (section 5).
            if (context.RefreshTokenPrincipal is { } refresh && await IsPublicAsync(context))
            {
                refresh.SetClaim(KeyBinding.Claim, thumbprint);
            }
        }

        if (binding.Seal is { } seal && context.EndpointType is OpenIddictServerEndpointType.Token && context.AccessTokenPrincipal is { } token)
        {
            token.SetClaim(FingerprintSeal.Claim, seal.Make(binding.FingerprintOf(http)));
        }
    }

    private static void BindCode(ProcessSignInContext context)
    {
        if ((string?)context.Request?.GetParameter(KeyBinding.Parameter) is { Length: > 0 } named && context.AuthorizationCodePrincipal is { } code)
        {
            code.SetClaim(KeyBinding.Claim, Base64Url.IsValid(named, out var length) && length == HashLength ? named : "none");
        }
    }

    // Beside a certificate, where the token is bound to one as well.
    private static void Confirm(ClaimsPrincipal principal, string thumbprint)
    {
        var confirmation = principal.GetClaim(Confirmation) is { } there && JsonNode.Parse(there) is JsonObject members ? members : [];
        confirmation[ThumbprintMember] = thumbprint;
        principal.SetClaim(Confirmation, confirmation);
    }

    private async Task<bool> IsPublicAsync(ProcessSignInContext context) =>
        context.ClientId is { Length: > 0 } id
        && await clients.FindByClientIdAsync(id, context.CancellationToken) is { } client
        && await clients.HasClientTypeAsync(client, ClientTypes.Public, context.CancellationToken);
}

using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Platform.Api.Identity.TokenBinding;

/// <summary>Tells the client that its token is bound to its key (RFC 9449, section 5): <c>"token_type": "DPoP"</c>.</summary>
internal sealed class TokenType : IOpenIddictServerHandler<ApplyTokenResponseContext>
{
    public const string DPoP = "DPoP";

    public static OpenIddictServerHandlerDescriptor Descriptor { get; } = OpenIddictServerHandlerDescriptor
        .CreateBuilder<ApplyTokenResponseContext>()
        .UseSingletonHandler<TokenType>()
        .SetOrder(int.MinValue + 50_000)
        .SetType(OpenIddictServerHandlerType.Custom)
        .Build();

    public ValueTask HandleAsync(ApplyTokenResponseContext context)
    {
        if (context.Response is { AccessToken: not null } response && context.Transaction.GetProperty<string>(KeyBinding.Property) is not null)
        {
            response.TokenType = DPoP;
        }

        return ValueTask.CompletedTask;
    }
}

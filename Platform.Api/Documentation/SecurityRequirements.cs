using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Platform.Api.Identity;
using Platform.Identity;

namespace Platform.Api.Documentation;

// How to get a token, and which scope each operation asks for: the name of its policy.
internal sealed class SecurityRequirements : IOpenApiDocumentTransformer, IOpenApiOperationTransformer
{
    public const string Scheme = "oauth2";

    private const string SignatureScheme = "webhookSignature";

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal);
        document.Components.SecuritySchemes[Scheme] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.OAuth2,
            Description = "A token for the client's own credentials (RFC 6749, section 4.4) or for a user who signed in (section 4.1, with PKCE), sent as `Bearer` "
                + "(RFC 6750), or as `DPoP` with a proof when it is bound to a key (RFC 9449).",
            Flows = new OpenApiOAuthFlows
            {
                AuthorizationCode = new OpenApiOAuthFlow
                {
                    AuthorizationUrl = new Uri(TokenServerExtensions.AuthorizationPath, UriKind.Relative),
                    TokenUrl = new Uri(TokenServerExtensions.TokenPath, UriKind.Relative),
                    Scopes = ApiScopes.All.ToDictionary(StringComparer.Ordinal),
                },
                ClientCredentials = new OpenApiOAuthFlow
                {
                    TokenUrl = new Uri(TokenServerExtensions.TokenPath, UriKind.Relative),
                    Scopes = ApiScopes.All.ToDictionary(StringComparer.Ordinal),
                },
            },
        };
        document.Components.SecuritySchemes[SignatureScheme] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Header,
            Name = "webhook-signature",
            Description = "A signature of the body (Standard Webhooks 1.0), with webhook-id and webhook-timestamp.",
        };
        return Task.CompletedTask;
    }

    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<WebhookSignatureMetadata>().Any())
        {
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(SignatureScheme, context.Document)] = [] }];
            return Task.CompletedTask;
        }

        var scopes = context.Description.ActionDescriptor.EndpointMetadata.OfType<IAuthorizeData>()
            .Select(data => data.Policy)
            .OfType<string>()
            .ToList();
        operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, context.Document)] = scopes }];
        return Task.CompletedTask;
    }
}

using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using OpenIddict.Server;
using Platform.Api.Identity.Grants;
using Platform.Api.Identity.TokenBinding;
using Platform.Domain.Persistence;
using Platform.EntityFrameworkCore.Identity;
using Platform.Identity;
using Platform.Secrets;
using Platform.ServiceDefaults.Identity;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Platform.Api.Identity;

/// <summary>Makes this host the issuer of tokens.</summary>
internal static class TokenServerExtensions
{
    public const string TokenPath = "/connect/token";
    public const string AuthorizationPath = "/connect/authorize";

    // Long enough that clients do not ask all the time, short enough that a stolen one is soon worth nothing.
    private static readonly TimeSpan AccessTokenLifetime = TimeSpan.FromHours(1);

    // RFC 6749, section 4.1.2: short-lived, ten minutes at most.
    private static readonly TimeSpan CodeLifetime = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RefreshTokenLifetime = TimeSpan.FromDays(14);

    /// <summary>
    /// Adds the token server below <c>/connect</c>: client credentials, and for users authorization codes with PKCE (RFC 7636, S256 only), pushed requests
    /// (RFC 9126), refresh tokens that work once, revocation (RFC 7009), introspection (RFC 7662) and RP-initiated logout; metadata and keys below
    /// <c>/.well-known</c>. With them comes the login. None of it with an external provider. Its errors are those of RFC 6749, section 5.2. This host's own bearer authentication takes the keys from memory.
    /// </summary>
    public static IHostApplicationBuilder AddTokenServer(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        if (builder.Configuration.GetValue<IdentityProvider>($"{IdentityOptions.Section}:{nameof(IdentityOptions.Provider)}") is IdentityProvider.External)
        {
            return builder;
        }

        services.AddIdentityStores<PlatformDbContext>();
        services.AddSingleton<KeyRing>();
        services.AddSingleton<IOptionsChangeTokenSource<OpenIddictServerOptions>>(provider => provider.GetRequiredService<KeyRing>());
        services.AddSingleton<IConfigureOptions<OpenIddictServerOptions>, ServerKeys>();
        services.AddSingleton<ISecretObserver, KeyRingFollower>();
        services.AddHostedService<KeyRingRefresh>();
        services.AddHostedService<TokenPruning>();

        // In front: the first one that finds no configuration of the issuer sets up its own.
        services.Insert(0, ServiceDescriptor.Singleton<IPostConfigureOptions<JwtBearerOptions>, LocalIssuer>());

        services.AddOpenIddict().AddServer(server =>
        {
            server.SetTokenEndpointUris(TokenPath)
                .SetAuthorizationEndpointUris(AuthorizationPath)
                .SetPushedAuthorizationEndpointUris("/connect/par")
                .SetIntrospectionEndpointUris("/connect/introspect")
                .SetRevocationEndpointUris("/connect/revoke")
                .SetEndSessionEndpointUris("/connect/logout")
                .AllowClientCredentialsFlow()
                .AllowAuthorizationCodeFlow()
                .AllowRefreshTokenFlow()
                .RequireProofKeyForCodeExchange()
                .Configure(options => options.CodeChallengeMethods.Remove(CodeChallengeMethods.Plain))
                .RegisterScopes([.. ApiScopes.All.Keys, Scopes.Profile, Scopes.Email, Scopes.OfflineAccess])
                .SetAccessTokenLifetime(AccessTokenLifetime)
                .SetAuthorizationCodeLifetime(CodeLifetime)
                .SetRefreshTokenLifetime(RefreshTokenLifetime)
                .SetRefreshTokenReuseLeeway(null)
                .DisableAccessTokenEncryption();
            server.UseAspNetCore().SuppressJsonResponseIndentation();
            AddHandlers(server);
            server.BindTokens(builder.Configuration);
        });
        services.AddLogin();
        services.AddOptions<OpenIddictServerOptions>()
            .Configure<IOptions<IdentityOptions>>((server, identity) => server.Issuer = identity.Value.Issuer);
        services.AddOptions<OpenIddict.Server.AspNetCore.OpenIddictServerAspNetCoreOptions>()
            .Configure<IOptions<IdentityOptions>, IHostEnvironment>((server, identity, environment) =>
                server.DisableTransportSecurityRequirement = !(identity.Value.RequireHttps ?? !environment.IsDevelopment()));
        return builder;
    }

    // Steps of the protocol that are Platform's own, in their order among OpenIddict's. Others put theirs before or after by SetOrder.
    private static void AddHandlers(OpenIddictServerBuilder server) => server
        .AddEventHandler<ProcessAuthenticationContext>(handler => handler.UseScopedHandler<DecoyClient>()
            .SetOrder(OpenIddictServerHandlers.ValidateClientId.Descriptor.Order - 500))
        .AddEventHandler<ApplyTokenResponseContext>(handler => handler.UseSingletonHandler<UniformClientErrors>().SetOrder(int.MinValue))
        .AddEventHandler<ApplyIntrospectionResponseContext>(handler => handler.UseSingletonHandler<UniformClientErrors>().SetOrder(int.MinValue))
        .AddEventHandler<ApplyRevocationResponseContext>(handler => handler.UseSingletonHandler<UniformClientErrors>().SetOrder(int.MinValue))
        .AddEventHandler<ApplyPushedAuthorizationResponseContext>(handler => handler.UseSingletonHandler<UniformClientErrors>().SetOrder(int.MinValue))
        .AddEventHandler<ValidateTokenContext>(handler => handler.UseScopedHandler<ReuseDetection>()
            .SetOrder(OpenIddictServerHandlers.Protection.ValidateTokenEntry.Descriptor.Order - 500))
        .AddEventHandler<HandleRevocationRequestContext>(handler => handler.UseScopedHandler<RevokeEverywhere>()
            .SetOrder(OpenIddictServerHandlers.Revocation.RevokeToken.Descriptor.Order + 500))
        .AddEventHandler<HandleAuthorizationRequestContext>(handler => handler.UseScopedHandler<AuthorizationRequests>())
        .AddEventHandler<HandleEndSessionRequestContext>(handler => handler.UseScopedHandler<EndSessionRequests>())
        .AddEventHandler<HandleTokenRequestContext>(handler => handler.UseScopedHandler<ClientCredentialsGrant>())
        .AddEventHandler<HandleTokenRequestContext>(handler => handler.UseScopedHandler<UserGrants>())
        .RemoveEventHandler(OpenIddictServerHandlers.RedeemTokenEntry.Descriptor)
        .AddEventHandler<ProcessSignInContext>(handler => handler.UseScopedHandler<SingleUse>()
            .SetOrder(OpenIddictServerHandlers.RedeemTokenEntry.Descriptor.Order));

    /// <summary>Holds back what needs the keys until they are read; before <c>UsePlatformAuthentication()</c>, after routing.</summary>
    public static IApplicationBuilder UseTokenServer(this IApplicationBuilder app) =>
        app.ApplicationServices.GetService<KeyRing>() is null ? app : app.UseMiddleware<KeyRingGate>();
}

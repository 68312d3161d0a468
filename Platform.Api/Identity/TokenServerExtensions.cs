using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using OpenIddict.Server;
using Platform.Api.Identity.TokenBinding;
using Platform.Domain.Persistence;
using Platform.EntityFrameworkCore.Identity;
using Platform.Identity;
using Platform.ServiceDefaults.Identity;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Platform.Api.Identity;

/// <summary>Makes this host the issuer of tokens.</summary>
internal static class TokenServerExtensions
{
    public const string TokenPath = "/connect/token";

    // Long enough that clients do not ask all the time, short enough that a stolen one is soon worth nothing.
    private static readonly TimeSpan AccessTokenLifetime = TimeSpan.FromHours(1);

    /// <summary>
    /// Adds the token server: client credentials at <c>/connect/token</c>, introspection (RFC 7662) at <c>/connect/introspect</c>, metadata and keys below
    /// <c>/.well-known</c>. Its errors are those of RFC 6749, section 5.2. This host's own bearer authentication takes the keys from memory.
    /// </summary>
    public static IHostApplicationBuilder AddTokenServer(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddIdentityStores<PlatformDbContext>();
        services.AddSingleton<KeyRing>();
        services.AddSingleton<IOptionsChangeTokenSource<OpenIddictServerOptions>>(provider => provider.GetRequiredService<KeyRing>());
        services.AddSingleton<IConfigureOptions<OpenIddictServerOptions>, ServerKeys>();
        services.AddHostedService<KeyRingRefresh>();
        services.AddHostedService<TokenPruning>();

        // In front: the first one that finds no configuration of the issuer sets up its own.
        services.Insert(0, ServiceDescriptor.Singleton<IPostConfigureOptions<JwtBearerOptions>, LocalIssuer>());

        services.AddOpenIddict().AddServer(server =>
        {
            server.SetTokenEndpointUris(TokenPath)
                .SetIntrospectionEndpointUris("/connect/introspect")
                .AllowClientCredentialsFlow()
                .RegisterScopes([.. ApiScopes.All.Keys])
                .SetAccessTokenLifetime(AccessTokenLifetime)
                .DisableAccessTokenEncryption()
                .AddEventHandler<HandleTokenRequestContext>(handler => handler.UseScopedHandler<ClientCredentialsGrant>());
            server.BindTokens(builder.Configuration);
            server.UseAspNetCore().SuppressJsonResponseIndentation();
        });
        services.AddOptions<OpenIddictServerOptions>()
            .Configure<IOptions<IdentityOptions>>((server, identity) => server.Issuer = identity.Value.Issuer);
        services.AddOptions<OpenIddict.Server.AspNetCore.OpenIddictServerAspNetCoreOptions>()
            .Configure<IOptions<IdentityOptions>, IHostEnvironment>((server, identity, environment) =>
                server.DisableTransportSecurityRequirement = !(identity.Value.RequireHttps ?? !environment.IsDevelopment()));
        return builder;
    }

    /// <summary>Holds back what needs the keys until they are read; before <c>UseAuthentication()</c>, after routing.</summary>
    public static IApplicationBuilder UseTokenServer(this IApplicationBuilder app) => app.UseMiddleware<KeyRingGate>();
}

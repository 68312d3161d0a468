using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Platform.Identity;
using Platform.Messaging;
using Platform.Redaction;
using Platform.ServiceDefaults.Redaction;
using Platform.ServiceDefaults.TokenBinding;

namespace Platform.ServiceDefaults.Identity;

/// <summary>Makes a host ask for tokens.</summary>
public static class IdentityExtensions
{
    /// <summary>
    /// Adds bearer authentication (RFC 6750) of the issuer's signed JWTs (RFC 9068) and one policy for each scope of
    /// <see cref="ApiScopes"/>, named like it, which a client meets by its scopes and a user by scopes and roles (<see cref="Caller"/>). What says nothing else is closed: an endpoint without a policy asks for a valid token, and an
    /// open one says <c>AllowAnonymous()</c>. Events that a request sends off name its caller.
    /// </summary>
    /// <remarks>
    /// The issuer's keys are fetched from its metadata, kept while it is away, and fetched again when a token names an unknown one.
    /// Errors come with <c>UseErrors()</c>; put <see cref="UsePlatformAuthentication"/> after it.
    /// </remarks>
    public static IHostApplicationBuilder AddPlatformAuthentication(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddOptions<IdentityOptions>().BindConfiguration(IdentityOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<IdentityOptions>, IdentityOptionsCheck>());
        services.AddHttpContextAccessor();
        services.TryAddSingleton<Callers>();
        services.TryAddSingleton<ICallerAccessor>(static provider => provider.GetRequiredService<Callers>());
        services.TryAddScoped<IEventMetadata, CallerMetadata>();
        services.AddPlatformRedaction();
        services.TryAddSingleton<PersonalReader>();
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<JwtBearerOptions>, BearerTokens>());

        var authorization = services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        foreach (var scope in ApiScopes.All.Keys)
        {
            authorization.AddPolicy(scope, policy => policy.RequireAuthenticatedUser().AddRequirements(new ScopeRequirement(scope)));
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IAuthorizationHandler, ScopeHandler>());
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, ScopeRefusal>();
        builder.AddTokenBinding();
        return builder;
    }

    /// <summary>
    /// Asks who calls and whether they may, as <c>UseAuthentication()</c> and <c>UseAuthorization()</c> do; behind routing. A caller who shows nothing is
    /// nobody without being asked, and an open endpoint lets nobody in without a decision.
    /// </summary>
    public static IApplicationBuilder UsePlatformAuthentication(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var schemes = app.ApplicationServices.GetRequiredService<IOptions<AuthenticationOptions>>().Value;
        if ((schemes.DefaultAuthenticateScheme ?? schemes.DefaultScheme) is not JwtBearerDefaults.AuthenticationScheme)
        {
            // Where the host has another scheme come first, only that knows what callers show.
            return app.UseAuthentication().UseAuthorization();
        }

        // A WebApplication that does not find these puts both in front of everything by itself, where a branch has them already.
        app.Properties["__AuthenticationMiddlewareSet"] = true;
        app.Properties["__AuthorizationMiddlewareSet"] = true;
        return app
            .UseWhen(static context => ShowsToken(context) || context.GetEndpoint() is null, static branch => branch.UseAuthentication())
            .UseWhen(static context => ShowsToken(context) || !IsOpen(context.GetEndpoint()), static branch => branch.UseAuthorization());
    }

    private static bool ShowsToken(HttpContext context) => context.Request.Headers.Authorization.Count > 0;

    // What no route took is the token server's, or closed.
    private static bool IsOpen(Endpoint? endpoint) =>
        endpoint?.Metadata.GetMetadata<IAllowAnonymous>() is not null && endpoint.Metadata.GetMetadata<IAuthorizeData>() is null;
}

using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using Platform.Errors;
using Platform.ServiceDefaults.Errors;

namespace Platform.ServiceDefaults.Identity;

// Which tokens count, and what is said to the others.
internal sealed class BearerTokens(IOptions<IdentityOptions> identity, IHostEnvironment environment, TimeProvider time)
    : IConfigureNamedOptions<JwtBearerOptions>
{
    // Bounded, so that tokens with made-up keys do not become requests to the issuer.
    private static readonly TimeSpan RefreshAtMostEvery = TimeSpan.FromSeconds(30);

    private readonly RememberedSignatures _signatures = new();

    public void Configure(JwtBearerOptions options) => Configure(JwtBearerDefaults.AuthenticationScheme, options);

    public void Configure(string? name, JwtBearerOptions options)
    {
        if (name != JwtBearerDefaults.AuthenticationScheme)
        {
            return;
        }

        var settings = identity.Value;
        var issuer = settings.Issuer!.AbsoluteUri;
        options.TimeProvider = time;
        options.MetadataAddress = settings.MetadataAddress?.AbsoluteUri ?? $"{issuer.TrimEnd('/')}/.well-known/openid-configuration";
        options.RequireHttpsMetadata = settings.RequireHttps ?? !environment.IsDevelopment();
        options.BackchannelTimeout = TimeSpan.FromSeconds(5);
        options.BackchannelHttpHandler = new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(2) };
        options.RefreshInterval = RefreshAtMostEvery;
        options.AutomaticRefreshInterval = TimeSpan.FromMinutes(10);
        options.MapInboundClaims = false;
        options.SaveToken = false;
        options.TokenValidationParameters = new TokenValidationParameters
        {
            // A host name alone is written with and without its slash.
            ValidIssuers = [issuer, issuer.TrimEnd('/')],
            ValidAudience = settings.Audience,
            ValidTypes = settings.AcceptedTypes,
            ValidAlgorithms = settings.AcceptedAlgorithms,
            ClockSkew = settings.ClockSkew,
            NameClaimType = settings.Claims.Name,
            RoleClaimType = settings.Claims.Roles,
            CryptoProviderFactory = _signatures,
        };
        options.Events = new JwtBearerEvents { OnAuthenticationFailed = OnFailedAsync, OnChallenge = OnChallengeAsync };
    }

    // A key that is not found may be one that could not be fetched: then it is not the caller's fault.
    private static async Task OnFailedAsync(AuthenticationFailedContext context)
    {
        if (context.Exception is SecurityTokenSignatureKeyNotFoundException && context.Options.ConfigurationManager is { } issuer)
        {
            try
            {
                await issuer.GetConfigurationAsync(context.HttpContext.RequestAborted);
            }
            catch (InvalidOperationException e)
            {
                throw new ErrorException(ErrorCode.ServiceUnavailable, "Tokens cannot be checked at present.", e) { RetryAfter = TimeSpan.FromSeconds(2) };
            }
        }
    }

    private static Task OnChallengeAsync(JwtBearerChallengeContext context)
    {
        context.HttpContext.SetError(context.AuthenticateFailure is null
            ? new ErrorException(ErrorCode.Unauthenticated, "This needs a bearer token.")
            : new ErrorException(ErrorCode.Unauthorized, Reason(context.AuthenticateFailure)));
        return Task.CompletedTask;
    }

    private static string Reason(Exception failure) => failure switch
    {
        SecurityTokenExpiredException => "The token has expired.",
        SecurityTokenNotYetValidException => "The token is not valid yet.",
        SecurityTokenInvalidAudienceException => "The token is for another audience.",
        SecurityTokenInvalidIssuerException => "The token is from another issuer.",
        _ => "The token is not valid.",
    };
}

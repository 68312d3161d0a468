using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Platform.Errors;
using Platform.ServiceDefaults.Errors;
using Platform.ServiceDefaults.Identity;
using Platform.TokenBinding;
using Platform.TokenBinding.Certificates;
using Platform.TokenBinding.DPoP;
using Platform.TokenBinding.Fingerprints;

namespace Platform.ServiceDefaults.TokenBinding;

/// <summary>
/// Lets a token in only from the party that it is bound to. Stands around the checks that make it a good token, so what comes here is
/// signed by the issuer and not expired.
/// </summary>
internal sealed class BoundTokens(
    RequestBinding binding, IOptions<TokenBindingOptions> options, IOptions<IdentityOptions> identity, IRevocations revocations, FirstUses firstUses,
    BindingViolations violations, TimeProvider time)
    : IPostConfigureOptions<JwtBearerOptions>
{
    private const string DPoP = "DPoP";
    private const string Bearer = "Bearer";
    private const string InvalidToken = "invalid_token";

    // Longer than an access token lives anywhere here, where a token does not say when it expires.
    private static readonly TimeSpan LongestLife = TimeSpan.FromHours(1);

    private readonly FingerprintOptions _fingerprint = options.Value.Fingerprint;

    public void PostConfigure(string? name, JwtBearerOptions options)
    {
        if (name != JwtBearerDefaults.AuthenticationScheme)
        {
            return;
        }

        var events = options.Events ??= new JwtBearerEvents();
        var (received, validated, challenge) = (events.OnMessageReceived, events.OnTokenValidated, events.OnChallenge);
        events.OnMessageReceived = async context =>
        {
            await received(context);
            TakeToken(context);
        };
        events.OnTokenValidated = async context =>
        {
            await validated(context);
            if (context.Result is null && await CheckAsync(context) is { } failure)
            {
                context.Fail(failure);
            }
        };
        events.OnChallenge = async context =>
        {
            await challenge(context);
            Challenge(context);
        };
    }

    private static void TakeToken(MessageReceivedContext context)
    {
        if (context.Result is not null || context.Token is not null)
        {
            return;
        }

        // Two headers are two callers, and which one a proxy in front looked at is unknown.
        var values = context.Request.Headers.Authorization;
        if (values.Count > 1)
        {
            context.Fail(new BindingFailure(ErrorCode.Unauthorized, Bearer, "invalid_request", "There has to be one Authorization header."));
        }
        else if (IsDPoP(context.Request))
        {
            context.Token = values[0]![DPoP.Length..].Trim();
        }
    }

    private static bool IsDPoP(HttpRequest request) =>
        request.Headers.Authorization is [{ } value] && value.StartsWith($"{DPoP} ", StringComparison.OrdinalIgnoreCase);

    private async Task<BindingFailure?> CheckAsync(TokenValidatedContext context)
    {
        var principal = context.Principal!;
        if (revocations.IsRevoked(principal))
        {
            return new BindingFailure(ErrorCode.Unauthorized, IsDPoP(context.Request) ? DPoP : Bearer, InvalidToken, "The token was revoked.");
        }

        var confirmation = Confirmation.Of(principal);
        if (confirmation.IsUnknown)
        {
            return new BindingFailure(ErrorCode.Unauthorized, Bearer, InvalidToken, "The token is bound in a way that is not known here.");
        }

        return await CheckProofAsync(context, principal, confirmation)
            ?? await CheckCertificateAsync(context, principal, confirmation)
            ?? await CheckFingerprintAsync(context, principal);
    }

    // RFC 9449, section 7.1.
    private async Task<BindingFailure?> CheckProofAsync(TokenValidatedContext context, ClaimsPrincipal principal, Confirmation confirmation)
    {
        if (!IsDPoP(context.Request))
        {
            if (confirmation.Key is null)
            {
                return null;
            }

            await ReportAsync(context, principal, BindingViolations.Downgrade, "A token that is bound to a key was sent as a bearer token.");
            return new BindingFailure(ErrorCode.Unauthorized, DPoP, InvalidToken, "The token is bound to a key: it needs the scheme DPoP and a proof.");
        }

        if (confirmation.Key is null)
        {
            return new BindingFailure(ErrorCode.Unauthorized, DPoP, InvalidToken, "The token is not bound to a key.");
        }

        var token = context.Request.Headers.Authorization[0]![DPoP.Length..].Trim();
        var verdict = await binding.CheckProofAsync(context.HttpContext, token, confirmation.Key);
        if (verdict.Failed is not { } failed)
        {
            return null;
        }

        if (failed == DPoPCheck.Token)
        {
            await ReportAsync(context, principal, BindingViolations.Proof, failed.Description);
        }

        return new BindingFailure(ErrorCode.Unauthorized, DPoP, failed.Error, failed.Description);
    }

    // RFC 8705, section 3.
    private async Task<BindingFailure?> CheckCertificateAsync(TokenValidatedContext context, ClaimsPrincipal principal, Confirmation confirmation)
    {
        if (confirmation.Certificate is not { } bound)
        {
            return null;
        }

        var certificate = await context.HttpContext.Connection.GetClientCertificateAsync(context.HttpContext.RequestAborted);
        if (certificate is not null && CertificateThumbprint.Of(certificate) == bound)
        {
            return null;
        }

        await ReportAsync(context, principal, BindingViolations.Certificate, certificate is null
            ? "A token that is bound to a certificate came without one." : "A token came with another certificate than it is bound to.");
        return new BindingFailure(ErrorCode.Unauthorized, Bearer, InvalidToken, "The token is bound to a client certificate, which did not come along.");
    }

    private async Task<BindingFailure?> CheckFingerprintAsync(TokenValidatedContext context, ClaimsPrincipal principal)
    {
        if (binding.Seal is not { } seal)
        {
            return null;
        }

        var seen = binding.FingerprintOf(context.HttpContext);
        if ((principal.FindFirst(FingerprintSeal.Claim)?.Value ?? await FirstUseAsync(context, seal, seen)) is not { } bound)
        {
            return null;
        }

        var match = seal.Compare(bound, seen);
        if (match.Suffices(_fingerprint))
        {
            return null;
        }

        var refuses = _fingerprint.Mode is FingerprintMode.Strict or FingerprintMode.Tolerant;
        await ReportAsync(
            context,
            principal,
            BindingViolations.Fingerprint,
            $"{(refuses ? "Refused" : "Let in")}: {(match.SameNetwork ? "same" : "another")} network, {(match.SameUserAgent ? "same" : "another")} program.");
        if (!refuses)
        {
            return null;
        }

        if (_fingerprint.RevokeFamily)
        {
            await RevokeAsync(context, principal);
        }

        return new BindingFailure(ErrorCode.TokenBindingViolation, Bearer, InvalidToken, "The token was given to another client.");
    }

    // Another issuer knows nothing of fingerprints. The own one binds whatever may be bound when it issues it.
    private Task<string?> FirstUseAsync(TokenValidatedContext context, FingerprintSeal seal, Fingerprint seen) =>
        identity.Value.Provider is IdentityProvider.External && context.SecurityToken is Microsoft.IdentityModel.JsonWebTokens.JsonWebToken token
            ? firstUses.FindAsync(token.EncodedToken, seal.Make(seen), token.ValidTo, context.HttpContext.RequestAborted)
            : Task.FromResult<string?>(null);

    private async Task RevokeAsync(TokenValidatedContext context, ClaimsPrincipal principal)
    {
        if (TokenFamily.Of(principal) is { } family)
        {
            // Refresh tokens of the family live longer, and end in the token server itself.
            await revocations.RevokeAsync(family, time.GetUtcNow() + LongestLife + options.Value.DPoP.ClockSkew, "binding.fingerprint", context.HttpContext.RequestAborted);
        }
    }

    private Task ReportAsync(TokenValidatedContext context, ClaimsPrincipal principal, string action, string reason) =>
        violations.ReportAsync(context.HttpContext, action, $"token:{TokenFamily.Of(principal) ?? "unknown"}", reason, principal.FindFirst("sub")?.Value);

    private void Challenge(JwtBearerChallengeContext context)
    {
        if (context.Handled)
        {
            return;
        }

        if (context.AuthenticateFailure is BindingFailure failure)
        {
            context.HandleResponse();
            context.Response.StatusCode = failure.Code.Status;
            var algorithms = failure.Scheme == DPoP ? $", algs=\"{binding.Algorithms}\"" : "";
            context.Response.Headers.Append(
                HeaderNames.WWWAuthenticate, $"{failure.Scheme} error=\"{failure.Error}\", error_description=\"{failure.Message}\"{algorithms}");
            context.HttpContext.SetError(new ErrorException(failure.Code, failure.Message));
        }
        else if (IsDPoP(context.Request))
        {
            // A token that is not good at all, sent with the other scheme.
            context.HandleResponse();
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.Headers.Append(
                HeaderNames.WWWAuthenticate, $"{DPoP} error=\"{InvalidToken}\", error_description=\"The token is not valid.\", algs=\"{binding.Algorithms}\"");
        }
    }
}

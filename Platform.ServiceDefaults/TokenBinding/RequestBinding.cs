using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Platform.TokenBinding;
using Platform.TokenBinding.DPoP;
using Platform.TokenBinding.Fingerprints;

namespace Platform.ServiceDefaults.TokenBinding;

/// <summary>Checks what a request brings to prove who it comes from. For resources and the token endpoint alike. Thread safe.</summary>
public sealed class RequestBinding
{
    private const string ProofHeader = "DPoP";
    private const string NonceHeader = "DPoP-Nonce";

    private readonly TokenBindingOptions _options;
    private readonly IReplayStore _replays;
    private readonly BindingViolations _violations;

    internal RequestBinding(IOptions<TokenBindingOptions> options, TimeProvider time, IReplayStore replays, BindingViolations violations)
    {
        (_options, _replays, _violations) = (options.Value, replays, violations);
        var key = TokenBindingKey.Decode(_options.Key);
        Verifier = new DPoPVerifier(_options.DPoP, time, key);
        Seal = key is null || _options.Fingerprint.Mode is FingerprintMode.Off ? null : new FingerprintSeal(key);
    }

    /// <summary>The algorithms that proofs may be made with, separated by spaces.</summary>
    public string Algorithms => string.Join(' ', _options.DPoP.Accepted);

    /// <summary>Seals and compares fingerprints; null where that is off.</summary>
    public FingerprintSeal? Seal { get; }

    internal DPoPVerifier Verifier { get; }

    /// <summary>Whether the request has the header of a proof.</summary>
    public static bool HasProof(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Request.Headers.ContainsKey(ProofHeader);
    }

    /// <summary>What the client looks like.</summary>
    public Fingerprint FingerprintOf(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new Fingerprint(
            NetworkPrefix.Of(context.Connection.RemoteIpAddress, _options.Fingerprint.IPv4Prefix, _options.Fingerprint.IPv6Prefix),
            UserAgentFamily.Of(context.Request.Headers.UserAgent.ToString()));
    }

    /// <summary>Checks the proof of a request, uses it up, and offers a nonce with the response where one is due.</summary>
    /// <param name="context">The request.</param>
    /// <param name="accessToken">The token that the proof has to be for; null at the token endpoint.</param>
    /// <param name="boundKey">The thumbprint that the token is bound to; null at the token endpoint.</param>
    /// <returns>The verdict; a replay is one of its refusals.</returns>
    /// <exception cref="Platform.Errors.ErrorException">Replays cannot be ruled out at present.</exception>
    public async ValueTask<DPoPVerdict> CheckProofAsync(HttpContext context, string? accessToken, string? boundKey)
    {
        ArgumentNullException.ThrowIfNull(context);
        var required = _options.DPoP.RequireNonce is DPoPNonceUse.Everywhere
            || (accessToken is null && _options.DPoP.RequireNonce is DPoPNonceUse.TokenEndpoint);
        var verdict = Verifier.Verify(
            context.Request.Headers[ProofHeader],
            new DPoPExpectation(context.Request.Method, AddressOf(context.Request), accessToken, boundKey, required));
        if (verdict.OfferNonce && Verifier.MakeNonce() is { } nonce)
        {
            context.Response.Headers[NonceHeader] = nonce;
        }

        if (verdict.Holds && !await _replays.TryUseAsync(verdict.ReplayKey!, _options.DPoP.Remembered, context.RequestAborted))
        {
            verdict = new DPoPVerdict { Failed = DPoPCheck.Replay };
            await _violations.ReportAsync(context, BindingViolations.Replay, context.Request.Path.Value ?? "", DPoPCheck.Replay.Description);
        }

        if (verdict.Failed is { } failed)
        {
            Telemetry.Refused.Add(1, new KeyValuePair<string, object?>(Telemetry.CheckTag, failed.Name));
        }

        return verdict;
    }

    private string AddressOf(HttpRequest request) => string.Concat(
        _options.DPoP.PublicOrigin is { } origin ? origin.GetLeftPart(UriPartial.Authority) : $"{request.Scheme}://{request.Host.ToUriComponent()}",
        request.PathBase.ToUriComponent(),
        request.Path.ToUriComponent());
}

namespace Platform.EntityFrameworkCore.TokenBinding;

/// <summary>A row of <c>core_token_fingerprint</c>: what the client looked like that used a token first.</summary>
internal sealed class FingerprintRow
{
    public required string Token { get; init; }

    public required string Seal { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }
}

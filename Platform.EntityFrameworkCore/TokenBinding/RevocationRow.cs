namespace Platform.EntityFrameworkCore.TokenBinding;

// A row of core_token_revocation: a family of tokens that ended before its time.
internal sealed class RevocationRow
{
    public required string Family { get; init; }

    public required DateTimeOffset RevokedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public required string Reason { get; init; }
}

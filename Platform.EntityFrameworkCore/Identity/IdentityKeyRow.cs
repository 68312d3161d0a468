namespace Platform.EntityFrameworkCore.Identity;

// A row of identity_key. The key itself is sealed with the key-encryption key and never leaves the process in the clear.
internal sealed class IdentityKeyRow
{
    public required Guid Id { get; init; }

    public required IdentityKeyKind Kind { get; init; }

    public required byte[] Sealed { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    // From here on it signs; it is published before, so that everybody who validates knows it by then.
    public required DateTimeOffset ActivatesAt { get; set; }

    // From here on it is not published any more; null while it has no successor.
    public DateTimeOffset? ExpiresAt { get; set; }
}

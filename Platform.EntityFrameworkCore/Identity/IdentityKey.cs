namespace Platform.EntityFrameworkCore.Identity;

/// <summary>A key of the token server, opened. Never log it; clear <see cref="Material"/> after use.</summary>
/// <param name="Id">Its id; the <c>kid</c> on the wire.</param>
/// <param name="Kind">What it is for.</param>
/// <param name="Material">A PKCS #8 private key (RFC 5208) for signing, 32 raw bytes for encryption.</param>
/// <param name="ActivatesAt">From then on it signs or encrypts.</param>
public sealed record IdentityKey(Guid Id, IdentityKeyKind Kind, byte[] Material, DateTimeOffset ActivatesAt)
{
    /// <summary>The id alone: a record would print the key.</summary>
    public override string ToString() => $"{Kind} key {Id}";
}

using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;
using Platform.EntityFrameworkCore.Identity;

namespace Platform.Api.Identity;

/// <summary>One state of the key ring; does not change.</summary>
/// <param name="Signing">At least one: first the key that signs now, then the others that are published.</param>
/// <param name="Encryption">At least one, the newest first.</param>
internal sealed record KeyRingContent(IReadOnlyList<RsaSecurityKey> Signing, IReadOnlyList<SymmetricSecurityKey> Encryption)
{
    /// <summary>Makes the state of a moment, or null while a kind of key is missing.</summary>
    /// <param name="keys">The newest first.</param>
    /// <param name="now">Keys whose time has not come are published, and do not sign.</param>
    public static KeyRingContent? From(IReadOnlyList<IdentityKey> keys, DateTimeOffset now)
    {
        var signing = keys.Where(key => key.Kind is IdentityKeyKind.Signing).OrderBy(key => key.ActivatesAt > now).Select(ToRsa).ToArray();
        var encryption = keys.Where(key => key.Kind is IdentityKeyKind.Encryption).Select(ToSymmetric).ToArray();
        return signing.Length == 0 || encryption.Length == 0 ? null : new KeyRingContent(signing, encryption);
    }

    /// <summary>Compares by the ids of the keys and their order.</summary>
    public bool IsSameAs(KeyRingContent? other) =>
        other is not null
        && Signing.Select(key => key.KeyId).SequenceEqual(other.Signing.Select(key => key.KeyId), StringComparer.Ordinal)
        && Encryption.Select(key => key.KeyId).SequenceEqual(other.Encryption.Select(key => key.KeyId), StringComparer.Ordinal);

    private static RsaSecurityKey ToRsa(IdentityKey key)
    {
        var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(key.Material, out _);
        return new RsaSecurityKey(rsa) { KeyId = key.Id.ToString("N") };
    }

    private static SymmetricSecurityKey ToSymmetric(IdentityKey key) => new([.. key.Material]) { KeyId = key.Id.ToString("N") };
}

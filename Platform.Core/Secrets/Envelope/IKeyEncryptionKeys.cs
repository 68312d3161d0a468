using System.Security.Cryptography;

namespace Platform.Secrets;

/// <summary>
/// The key-encryption keys that the host knows: one that seals, and those that it replaced and that still open. Thread safe. Register another
/// implementation before <c>AddSecrets()</c> to keep them in a vault.
/// </summary>
public interface IKeyEncryptionKeys
{
    /// <summary>Whether there is a key at all. A host without one reads no secrets, and says so at its start.</summary>
    bool Available { get; }

    /// <summary>Gives the key that seals now.</summary>
    /// <exception cref="CryptographicException">There is none, or it cannot be had at present.</exception>
    ValueTask<KeyEncryptionKey> CurrentAsync(CancellationToken cancellationToken = default);

    /// <summary>Gives the key of an id, or null where it is not known.</summary>
    ValueTask<KeyEncryptionKey?> FindAsync(string id, CancellationToken cancellationToken = default);
}

/// <summary>A key-encryption key. Never log it.</summary>
/// <param name="Id">Its id, up to 100 characters.</param>
/// <param name="Material">32 bytes.</param>
public sealed record KeyEncryptionKey(string Id, ReadOnlyMemory<byte> Material)
{
    /// <summary>The id alone.</summary>
    public override string ToString() => Id;

    /// <summary>Reads a key from its text: exactly 32 bytes in base64; null for anything else.</summary>
    public static KeyEncryptionKey? Read(string? text) => SecretsOptions.Decode(text) is { } material ? Of(material) : null;

    /// <summary>Makes a key with an id that tells it from others and tells nothing of it: the first 8 bytes of an HMAC under it.</summary>
    /// <param name="material">32 bytes.</param>
    public static KeyEncryptionKey Of(byte[] material)
    {
        ArgumentNullException.ThrowIfNull(material);
        ArgumentOutOfRangeException.ThrowIfNotEqual(material.Length, GcmBox.KeyLength);
        Span<byte> name = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(material, "platform key-encryption key id"u8, name);
        return new KeyEncryptionKey(Convert.ToHexStringLower(name[..8]), material);
    }
}

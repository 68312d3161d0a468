using System.Security.Cryptography;
using System.Text;

namespace Platform.Secrets;

/// <summary>
/// Seals values for storage: each with a random data key (AES-256-GCM), which is sealed with the key-encryption key. The secret's name and the
/// version's id are authenticated with both, so that a box in another row does not open. Thread safe. docs/adr, "Secrets in an envelope".
/// </summary>
public sealed class SecretEnvelope(IKeyEncryptionKeys keys)
{
    private const byte ForKey = 1;
    private const byte ForValue = 2;

    /// <summary>Seals a value with the current key-encryption key.</summary>
    public async ValueTask<SealedSecret> SealAsync(string name, Guid version, ReadOnlyMemory<byte> value, CancellationToken cancellationToken = default)
    {
        var kek = await keys.CurrentAsync(cancellationToken);
        var dataKey = RandomNumberGenerator.GetBytes(GcmBox.KeyLength);
        try
        {
            return new SealedSecret(
                kek.Id,
                GcmBox.Seal(kek.Material.Span, dataKey, Bound(ForKey, name, version, kek.Id)),
                GcmBox.Seal(dataKey, value.Span, Bound(ForValue, name, version, null)));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(dataKey);
        }
    }

    /// <summary>Opens a value.</summary>
    /// <exception cref="CryptographicException">It was changed, belongs to another secret or version, or its key-encryption key is not known here. The message holds nothing of it.</exception>
    public async ValueTask<byte[]> OpenAsync(string name, Guid version, SealedSecret secret, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(secret);
        var dataKey = await UnwrapAsync(name, version, secret, cancellationToken);
        try
        {
            return GcmBox.Open(dataKey, secret.Box, Bound(ForValue, name, version, null));
        }
        catch (CryptographicException e)
        {
            throw Refused(name, version, e);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(dataKey);
        }
    }

    /// <summary>The id of the key-encryption key that seals now.</summary>
    public async ValueTask<string> CurrentKeyIdAsync(CancellationToken cancellationToken = default) => (await keys.CurrentAsync(cancellationToken)).Id;

    /// <summary>Seals the data key anew with the current key-encryption key; the value stays as it is. Null where that is the one already.</summary>
    /// <inheritdoc cref="OpenAsync" path="/exception"/>
    public async ValueTask<SealedSecret?> RewrapAsync(string name, Guid version, SealedSecret secret, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(secret);
        var kek = await keys.CurrentAsync(cancellationToken);
        if (kek.Id == secret.KeyId)
        {
            return null;
        }

        var dataKey = await UnwrapAsync(name, version, secret, cancellationToken);
        try
        {
            return secret with { KeyId = kek.Id, WrappedKey = GcmBox.Seal(kek.Material.Span, dataKey, Bound(ForKey, name, version, kek.Id)) };
        }
        finally
        {
            CryptographicOperations.ZeroMemory(dataKey);
        }
    }

    private async ValueTask<byte[]> UnwrapAsync(string name, Guid version, SealedSecret secret, CancellationToken cancellationToken)
    {
        var kek = await keys.FindAsync(secret.KeyId, cancellationToken)
            ?? throw new CryptographicException($"The version {version} of the secret {name} is sealed with the key {secret.KeyId}, which is not configured here.");
        byte[] dataKey;
        try
        {
            dataKey = GcmBox.Open(kek.Material.Span, secret.WrappedKey, Bound(ForKey, name, version, kek.Id));
        }
        catch (CryptographicException e)
        {
            throw Refused(name, version, e);
        }

        return dataKey.Length == GcmBox.KeyLength ? dataKey : throw Refused(name, version, null);
    }

    // Lengths stand before what varies, so that no two bindings are the same bytes.
    private static byte[] Bound(byte purpose, string name, Guid version, string? keyId)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var (nameLength, keyLength) = (Encoding.UTF8.GetByteCount(name), Encoding.UTF8.GetByteCount(keyId ?? string.Empty));
        var bound = new byte[1 + 16 + 2 + nameLength + 2 + keyLength];
        bound[0] = purpose;
        version.TryWriteBytes(bound.AsSpan(1), bigEndian: true, out _);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(bound.AsSpan(17), checked((ushort)nameLength));
        Encoding.UTF8.GetBytes(name, bound.AsSpan(19));
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(bound.AsSpan(19 + nameLength), checked((ushort)keyLength));
        Encoding.UTF8.GetBytes(keyId ?? string.Empty, bound.AsSpan(21 + nameLength));
        return bound;
    }

    private static CryptographicException Refused(string name, Guid version, Exception? cause) =>
        new($"The version {version} of the secret {name} does not open: it was changed, or is another's.", cause);
}

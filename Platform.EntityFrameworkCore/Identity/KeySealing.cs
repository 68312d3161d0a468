using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace Platform.EntityFrameworkCore.Identity;

/// <summary>Seals keys for storage with AES-256-GCM (NIST SP 800-38D) under the key-encryption key. Thread safe.</summary>
/// <remarks>Layout: one byte version, 12 bytes nonce, 16 bytes tag, the ciphertext. The row's id and what it is for are authenticated with it.</remarks>
internal sealed class KeySealing(IOptions<IdentityKeyOptions> options)
{
    private const byte Version = 1;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int HeaderLength = 1 + NonceLength + TagLength;

    public byte[] Seal(ReadOnlySpan<byte> material, Guid id, SealedFor purpose)
    {
        var box = new byte[HeaderLength + material.Length];
        box[0] = Version;
        var nonce = box.AsSpan(1, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var aes = Cipher();
        aes.Encrypt(nonce, material, box.AsSpan(HeaderLength), box.AsSpan(1 + NonceLength, TagLength), AssociatedData(id, purpose));
        return box;
    }

    public byte[] Open(ReadOnlySpan<byte> box, Guid id, SealedFor purpose)
    {
        if (box.Length <= HeaderLength || box[0] != Version)
        {
            throw new CryptographicException($"The key {id} is stored in a form that is not known here.");
        }

        var material = new byte[box.Length - HeaderLength];
        using var aes = Cipher();
        try
        {
            aes.Decrypt(box.Slice(1, NonceLength), box[HeaderLength..], box.Slice(1 + NonceLength, TagLength), material, AssociatedData(id, purpose));
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw new CryptographicException(
                $"The key {id} does not open with the configured {IdentityKeyOptions.Section}:{nameof(IdentityKeyOptions.KeyEncryptionKey)}: "
                + "it was sealed with another one, or changed.",
                e);
        }

        return material;
    }

    private static byte[] AssociatedData(Guid id, SealedFor purpose) => [.. id.ToByteArray(bigEndian: true), (byte)purpose];

    private AesGcm Cipher()
    {
        var key = Convert.FromBase64String(options.Value.KeyEncryptionKey!);
        try
        {
            return new AesGcm(key, TagLength);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }
}

using System.Security.Cryptography;

namespace Platform.Secrets;

/// <summary>A box of AES-256-GCM (NIST SP 800-38D): a byte for the form, 12 random bytes nonce, 16 bytes tag, the ciphertext.</summary>
internal static class GcmBox
{
    public const int KeyLength = 32;
    public const int NonceLength = 12;
    public const int TagLength = 16;
    public const int HeaderLength = 1 + NonceLength + TagLength;

    private const byte Form = 1;

    public static byte[] Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> associated)
    {
        Span<byte> nonce = stackalloc byte[NonceLength];
        RandomNumberGenerator.Fill(nonce);
        return Seal(key, nonce, plain, associated);
    }

    // The nonce is a parameter for the published vectors alone.
    internal static byte[] Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> associated)
    {
        var box = new byte[HeaderLength + plain.Length];
        box[0] = Form;
        nonce.CopyTo(box.AsSpan(1));
        using var aes = new AesGcm(key, TagLength);
        aes.Encrypt(nonce, plain, box.AsSpan(HeaderLength), box.AsSpan(1 + NonceLength, TagLength), associated);
        return box;
    }

    /// <exception cref="CryptographicException">The box was changed, is another's, or was sealed with another key; it does not say which.</exception>
    public static byte[] Open(ReadOnlySpan<byte> key, ReadOnlySpan<byte> box, ReadOnlySpan<byte> associated)
    {
        if (box.Length < HeaderLength || box[0] != Form)
        {
            throw new CryptographicException("The box has a form that is not known here.");
        }

        var plain = new byte[box.Length - HeaderLength];
        using var aes = new AesGcm(key, TagLength);
        aes.Decrypt(box.Slice(1, NonceLength), box[HeaderLength..], box.Slice(1 + NonceLength, TagLength), plain, associated);
        return plain;
    }
}

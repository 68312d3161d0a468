using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace Platform.TokenBinding.DPoP;

/// <summary>What a nonce is worth.</summary>
internal enum NonceWorth
{
    /// <summary>Not from here, or too old.</summary>
    None,

    /// <summary>Good, and past half its life.</summary>
    Aging,

    /// <summary>Good.</summary>
    Fresh,
}

/// <summary>
/// Nonces that need no memory: the time at which they were made, and a code over it under a key that all replicas share
/// (RFC 9449, section 8). Thread safe.
/// </summary>
/// <param name="key">The key of the bindings.</param>
/// <param name="lifetime">How long one is accepted.</param>
internal sealed class DPoPNonces(byte[] key, TimeSpan lifetime)
{
    private const int TimeLength = 8;
    private const int CodeLength = 16;
    private const int TextLength = 32;

    public string Make(DateTimeOffset now)
    {
        Span<byte> nonce = stackalloc byte[TimeLength + CodeLength];
        BinaryPrimitives.WriteInt64BigEndian(nonce, now.ToUnixTimeSeconds());
        Code(nonce[..TimeLength], nonce[TimeLength..]);
        return Base64Url.EncodeToString(nonce);
    }

    public NonceWorth Judge(ReadOnlySpan<byte> text, DateTimeOffset now)
    {
        Span<byte> nonce = stackalloc byte[TimeLength + CodeLength];
        if (text.Length != TextLength || !Base64Url.IsValid(text) || !Base64Url.TryDecodeFromUtf8(text, nonce, out var length) || length != nonce.Length)
        {
            return NonceWorth.None;
        }

        Span<byte> code = stackalloc byte[CodeLength];
        Code(nonce[..TimeLength], code);
        if (!CryptographicOperations.FixedTimeEquals(code, nonce[TimeLength..]))
        {
            return NonceWorth.None;
        }

        // Ours, so the seconds are sensible; another replica's clock may be a little ahead.
        var age = now.ToUnixTimeSeconds() - BinaryPrimitives.ReadInt64BigEndian(nonce);
        return age > lifetime.TotalSeconds ? NonceWorth.None : age > lifetime.TotalSeconds / 2 ? NonceWorth.Aging : NonceWorth.Fresh;
    }

    private void Code(ReadOnlySpan<byte> time, Span<byte> code)
    {
        Span<byte> input = stackalloc byte[TimeLength + 10];
        "dpop nonce"u8.CopyTo(input);
        time.CopyTo(input[10..]);
        Span<byte> full = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, input, full);
        full[..CodeLength].CopyTo(code);
    }
}

using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Platform.EntityFrameworkCore.Redaction;

/// <summary>Seals values of columns with AES-256-GCM (NIST SP 800-38D), and makes the keyed hashes that they are found by. Thread safe.</summary>
/// <remarks>
/// A sealed value is <c>sealed1:</c> and, in base64url, 4 bytes that tell the key, 12 of nonce, 16 of tag, the ciphertext. The column's name is authenticated with it,
/// so that a value cannot be moved to another column. Both keys are derived from the configured one (HKDF, RFC 5869).
/// </remarks>
public sealed class ColumnSeal
{
    private const string Prefix = "sealed1:";
    private const int IdLength = 4;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int HeaderLength = IdLength + NonceLength + TagLength;

    private readonly Keys[] _keys;

    /// <summary>Makes a seal.</summary>
    /// <param name="key">32 bytes.</param>
    /// <param name="previous">Keys from before, the latest first.</param>
    public ColumnSeal(ReadOnlySpan<byte> key, params IEnumerable<byte[]> previous)
    {
        ArgumentNullException.ThrowIfNull(previous);
        _keys = [Derive(key), .. previous.Select(one => Derive(one))];
    }

    /// <summary>Tells seals of other keys apart, and nothing of the keys.</summary>
    public string Id => string.Join('-', _keys.Select(keys => Convert.ToHexStringLower(keys.Id)));

    /// <summary>What every value begins with that is sealed with the present key: the bits of its id that fill whole characters.</summary>
    internal string Mark => Prefix + Base64Url.EncodeToString(_keys[0].Id)[..(IdLength * 8 / 6)];

    /// <summary>The longest that a value of so many UTF-16 units becomes.</summary>
    public static int LengthOf(int units) => Prefix.Length + Base64Url.GetEncodedLength(HeaderLength + Encoding.UTF8.GetMaxByteCount(units));

    /// <summary>Seals a value.</summary>
    public string Seal(string value, string column)
    {
        ArgumentNullException.ThrowIfNull(value);
        var text = Encoding.UTF8.GetBytes(value);
        var box = new byte[HeaderLength + text.Length];
        var keys = _keys[0];
        keys.Id.CopyTo(box, 0);
        var nonce = box.AsSpan(IdLength, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(keys.Encryption, TagLength);
        aes.Encrypt(nonce, text, box.AsSpan(HeaderLength), box.AsSpan(IdLength + NonceLength, TagLength), Encoding.UTF8.GetBytes(column));
        return Prefix + Base64Url.EncodeToString(box);
    }

    /// <summary>Opens a value; one that was never sealed is given back as it is.</summary>
    /// <exception cref="CryptographicException">It was sealed with a key that is not configured, for another column, or changed.</exception>
    public string Open(string stored, string column)
    {
        ArgumentNullException.ThrowIfNull(stored);
        if (!stored.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return stored;
        }

        var encoded = stored.AsSpan(Prefix.Length);
        var box = Base64Url.IsValid(encoded) ? Base64Url.DecodeFromChars(encoded) : [];
        if (box.Length < HeaderLength || Array.Find(_keys, keys => keys.Id.AsSpan().SequenceEqual(box.AsSpan(0, IdLength))) is not { } found)
        {
            throw new CryptographicException($"A value of {column} is sealed with a key that is not configured here ({ColumnSealOptions.Section}).");
        }

        var text = new byte[box.Length - HeaderLength];
        using var aes = new AesGcm(found.Encryption, TagLength);
        aes.Decrypt(
            box.AsSpan(IdLength, NonceLength), box.AsSpan(HeaderLength), box.AsSpan(IdLength + NonceLength, TagLength), text, Encoding.UTF8.GetBytes(column));
        return Encoding.UTF8.GetString(text);
    }

    /// <summary>The hash that a value is found by (HMAC-SHA256), without regard to case.</summary>
    public byte[] Hash(string value, string column) => Hash(_keys[0], value, column);

    /// <summary>The hashes that a value may have been written with, under this key and those before.</summary>
    public byte[][] Hashes(string value, string column) => [.. _keys.Select(keys => Hash(keys, value, column))];

    private static byte[] Hash(Keys keys, string value, string column)
    {
        ArgumentNullException.ThrowIfNull(value);
        return HMACSHA256.HashData(keys.Search, Encoding.UTF8.GetBytes($"{column}\n{value.ToLowerInvariant()}"));
    }

    private static Keys Derive(ReadOnlySpan<byte> key)
    {
        if (key.Length != ColumnSealOptions.KeyBytes)
        {
            throw new ArgumentException($"A key has {ColumnSealOptions.KeyBytes} bytes.", nameof(key));
        }

        byte[] Part(ReadOnlySpan<byte> of, string use, int length)
        {
            var part = new byte[length];
            HKDF.DeriveKey(HashAlgorithmName.SHA256, of, part, [], Encoding.UTF8.GetBytes($"platform column {use}"));
            return part;
        }

        return new Keys(Part(key, "id", IdLength), Part(key, "encryption", 32), Part(key, "search", 32));
    }

    private sealed record Keys(byte[] Id, byte[] Encryption, byte[] Search);
}

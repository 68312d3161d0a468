using System.Security.Cryptography;
using System.Text;
using Platform.Redaction.Detection;

namespace Platform.Redaction.Masking;

/// <summary>The token of a value: <c>&lt;pii:</c>, 24 letters, <c>&gt;</c>. The same value of the same type gives the same token, however it is written.</summary>
internal static class KeyedToken
{
    /// <summary>How every token begins.</summary>
    public const string Opening = "<pii:";

    // 96 bits: of a billion values two are alike with a chance below one in ten billion.
    private const int TokenBytes = 12;
    private const int LongestOnStack = 256;

    public static void Write(PiiType type, ReadOnlySpan<char> value, ReadOnlySpan<byte> key, PooledChars output)
    {
        // Letters a to p only: digits could again be taken for a number.
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        var rented = value.Length > LongestOnStack ? System.Buffers.ArrayPool<char>.Shared.Rent(value.Length) : null;
        Span<char> canonical = rented ?? stackalloc char[LongestOnStack];
        var length = Canonical(type, value, canonical);
        var text = canonical[..length];
        var bytes = System.Buffers.ArrayPool<byte>.Shared.Rent(1 + Encoding.UTF8.GetMaxByteCount(length));
        try
        {
            bytes[0] = (byte)type;
            var count = 1 + Encoding.UTF8.GetBytes(text, bytes.AsSpan(1));
            HMACSHA256.HashData(key, bytes.AsSpan(0, count), hash);
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(bytes, clearArray: true);
            if (rented is not null)
            {
                System.Buffers.ArrayPool<char>.Shared.Return(rented, clearArray: true);
            }
        }

        output.Append(Opening);
        foreach (var b in hash[..TokenBytes])
        {
            output.Append((char)('a' + (b >> 4)));
            output.Append((char)('a' + (b & 15)));
        }

        output.Append('>');
    }

    // Numbers and codes without their separators, addresses and names in one case; secrets as they are.
    private static int Canonical(PiiType type, ReadOnlySpan<char> value, Span<char> canonical)
    {
        if (PiiTypes.IsSecret(type) || type == PiiType.Crypto)
        {
            value.CopyTo(canonical);
            return value.Length;
        }

        var length = 0;
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            if (type == PiiType.Email && c == '%' && value[i..].StartsWith("%40"))
            {
                c = '@';
                i += 2;
            }

            if (type is PiiType.Email or PiiType.PersonName or PiiType.Ip or PiiType.DateOfBirth || CharClass.IsAlphanumeric(c))
            {
                canonical[length++] = char.ToLowerInvariant(c);
            }
        }

        return length;
    }
}

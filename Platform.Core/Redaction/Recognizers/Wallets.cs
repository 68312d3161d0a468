using System.Numerics;
using System.Security.Cryptography;

namespace Platform.Redaction.Recognizers;

/// <summary>Addresses of Bitcoin: Base58Check, Bech32 (BIP 173) and Bech32m (BIP 350).</summary>
internal static class Wallets
{
    private const string Base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    private const string Bech32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    private const int AddressBytes = 25;

    /// <summary>Whether the word is 25 bytes in Base58 of which the last four are the beginning of the double SHA-256 of the others.</summary>
    public static bool IsBase58Check(ReadOnlySpan<char> word)
    {
        Span<byte> address = stackalloc byte[AddressBytes];
        address.Clear();
        foreach (var c in word)
        {
            var carry = c < 128 ? Base58.IndexOf(c, StringComparison.Ordinal) : -1;
            if (carry < 0)
            {
                return false;
            }

            for (var i = AddressBytes - 1; i >= 0; i--)
            {
                carry += address[i] * 58;
                address[i] = (byte)carry;
                carry >>= 8;
            }

            if (carry != 0)
            {
                return false;
            }
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(address[..^4], hash);
        SHA256.HashData(hash, hash);
        return address[0] is 0x00 or 0x05 && hash[..4].SequenceEqual(address[^4..]);
    }

    /// <summary>Whether the word, all in lower or all in upper case, is <c>bc1</c> and data with a right checksum.</summary>
    public static bool IsBech32(ReadOnlySpan<char> word)
    {
        // The prefix "bc" expanded: high bits, 0, low bits.
        ReadOnlySpan<byte> prefix = [3, 3, 0, 2, 3];
        var check = 1u;
        foreach (var value in prefix)
        {
            check = Step(check, value);
        }

        var upper = word[0] == 'B';
        for (var i = 3; i < word.Length; i++)
        {
            var c = word[i];
            if (c >= 128 || (char.IsAsciiLetter(c) && char.IsAsciiLetterUpper(c) != upper))
            {
                return false;
            }

            var value = Bech32.IndexOf(char.ToLowerInvariant(c), StringComparison.Ordinal);
            if (value < 0)
            {
                return false;
            }

            check = Step(check, (uint)value);
        }

        return check is 1 or 0x2bc830a3;
    }

    private static uint Step(uint check, uint value)
    {
        ReadOnlySpan<uint> generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
        var top = check >> 25;
        check = ((check & 0x1ffffff) << 5) ^ value;
        for (var bits = top; bits != 0; bits &= bits - 1)
        {
            check ^= generator[BitOperations.TrailingZeroCount(bits)];
        }

        return check;
    }
}

using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Platform.Identity;

/// <summary>Time-based one-time passwords (RFC 6238) as authenticator apps make them: HMAC-SHA-1, six digits, steps of 30 seconds.</summary>
public static class Totp
{
    /// <summary>The length of a key in bytes, that of the hash (RFC 4226, section 4, R6).</summary>
    public const int KeyBytes = 20;

    /// <summary>The number of digits.</summary>
    public const int Digits = 6;

    private const int StepSeconds = 30;
    private const int Modulus = 1_000_000;
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>The step that a moment is in.</summary>
    public static long StepOf(DateTimeOffset time) => time.ToUnixTimeSeconds() / StepSeconds;

    /// <summary>The password of a step.</summary>
    public static string At(ReadOnlySpan<byte> key, long step)
    {
        Span<byte> counter = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];

        // SHA-1 is what authenticator apps have; HMAC does not rest on its resistance to collisions (RFC 6238, section 1.2).
#pragma warning disable CA5350
        HMACSHA1.HashData(key, counter, hash);
#pragma warning restore CA5350

        // Dynamic truncation (RFC 4226, section 5.3).
        var value = BinaryPrimitives.ReadInt32BigEndian(hash[(hash[^1] & 0x0F)..]) & 0x7FFF_FFFF;
        return (value % Modulus).ToString("D6", CultureInfo.InvariantCulture);
    }

    /// <summary>Finds the step that a password belongs to: the present one, the one before or the one after (RFC 6238, section 5.2).</summary>
    /// <param name="key">The user's key.</param>
    /// <param name="password">What the user typed; spaces do not count.</param>
    /// <param name="time">Now.</param>
    /// <returns>The step, which must not be accepted a second time; null where the password is of none.</returns>
    public static long? Match(ReadOnlySpan<byte> key, string password, DateTimeOffset time)
    {
        ArgumentNullException.ThrowIfNull(password);
        var typed = password.Replace(" ", "", StringComparison.Ordinal);
        var now = StepOf(time);
        long? found = null;
        for (var step = now - 1; step <= now + 1; step++)
        {
            var expected = At(key, step);
            if (typed.Length == Digits && CryptographicOperations.FixedTimeEquals(
                System.Text.Encoding.UTF8.GetBytes(expected), System.Text.Encoding.UTF8.GetBytes(typed)))
            {
                found = step;
            }
        }

        return found;
    }

    /// <summary>The key as people type it into an app (RFC 4648, section 6, without padding).</summary>
    public static string ToBase32(ReadOnlySpan<byte> key)
    {
        var text = new System.Text.StringBuilder((key.Length * 8 + 4) / 5);
        var (buffer, bits) = (0, 0);
        foreach (var octet in key)
        {
            (buffer, bits) = ((buffer << 8) | octet, bits + 8);
            while (bits >= 5)
            {
                bits -= 5;
                text.Append(Base32[(buffer >> bits) & 31]);
            }

            buffer &= (1 << bits) - 1;
        }

        return bits == 0 ? text.ToString() : text.Append(Base32[(buffer << (5 - bits)) & 31]).ToString();
    }

    /// <summary>The key as the address that authenticator apps open.</summary>
    public static string ToUri(ReadOnlySpan<byte> key, string issuer, string account) =>
        $"otpauth://totp/{Uri.EscapeDataString(issuer)}:{Uri.EscapeDataString(account)}?secret={ToBase32(key)}&issuer={Uri.EscapeDataString(issuer)}";
}

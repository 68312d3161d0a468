using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Platform.TokenBinding.Fingerprints;

/// <summary>What a client looks like from here.</summary>
/// <param name="Network">Its network, see <see cref="NetworkPrefix"/>.</param>
/// <param name="UserAgent">Its family, see <see cref="UserAgentFamily"/>.</param>
public readonly record struct Fingerprint(string Network, string UserAgent);

/// <summary>How much of a fingerprint is the same.</summary>
/// <param name="SameNetwork">The network is.</param>
/// <param name="SameUserAgent">The user-agent family is.</param>
public readonly record struct FingerprintMatch(bool SameNetwork, bool SameUserAgent)
{
    /// <summary>Whether the token may be used, and would be in <see cref="FingerprintMode.ReportOnly"/> if that refused.</summary>
    public bool Suffices(FingerprintOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Mode is FingerprintMode.Tolerant
            ? (SameNetwork ? options.NetworkWeight : 0) + (SameUserAgent ? options.UserAgentWeight : 0) >= options.Threshold - 1e-9
            : SameNetwork && SameUserAgent;
    }
}

/// <summary>
/// Puts fingerprints into tokens as keyed hashes (HMAC-SHA-256) with a salt for each token: who reads a token learns neither network nor
/// program, and cannot tell that two tokens are from the same place. Thread safe.
/// </summary>
/// <param name="key">The key of the bindings.</param>
public sealed class FingerprintSeal(byte[] key)
{
    /// <summary>The claim that holds it.</summary>
    public const string Claim = "platform_fp";

    private const string Version = "1";
    private const int SaltLength = 8;
    private const int HashLength = 16;
    private const int MaxLength = 128;

    /// <summary>Makes the value of the claim.</summary>
    public string Make(Fingerprint fingerprint)
    {
        Span<byte> salt = stackalloc byte[SaltLength];
        RandomNumberGenerator.Fill(salt);
        return $"{Version}.{Base64Url.EncodeToString(salt)}.{Hash(salt, 'n', fingerprint.Network)}.{Hash(salt, 'u', fingerprint.UserAgent)}";
    }

    /// <summary>Compares.</summary>
    /// <param name="claim">The value of the claim.</param>
    /// <param name="seen">What the client looks like now.</param>
    /// <returns>What is the same; nothing where the claim has another form.</returns>
    public FingerprintMatch Compare(string claim, Fingerprint seen)
    {
        ArgumentNullException.ThrowIfNull(claim);
        Span<byte> salt = stackalloc byte[SaltLength];
        if (claim.Length > MaxLength || claim.Split('.') is not [Version, var saltText, var network, var userAgent]
            || !Base64Url.IsValid(saltText) || !Base64Url.TryDecodeFromChars(saltText, salt, out var length) || length != SaltLength)
        {
            return default;
        }

        return new FingerprintMatch(Same(network, Hash(salt, 'n', seen.Network)), Same(userAgent, Hash(salt, 'u', seen.UserAgent)));
    }

    private static bool Same(string one, string other) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(one), Encoding.ASCII.GetBytes(other));

    private string Hash(ReadOnlySpan<byte> salt, char part, string value)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, [.. "fingerprint"u8, .. salt, (byte)part, .. Encoding.UTF8.GetBytes(value)], hash);
        return Base64Url.EncodeToString(hash[..HashLength]);
    }
}

using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Platform.TokenBinding.DPoP;

/// <summary>Checks proofs of possession (RFC 9449, section 4.3). Thread safe.</summary>
/// <remarks>It remembers no proof, so that one holds as often as it comes: ask an <see cref="IReplayStore"/> afterwards.</remarks>
public sealed class DPoPVerifier
{
    /// <summary>The most that <see cref="DPoPOptions.MaxProofLength"/> may be, in characters.</summary>
    public const int LongestProof = 8192;

    private const int MaxId = 256;
    private const int MaxMethod = 32;
    private const int MaxAddress = 2048;

    // Some kilobytes each. Clients beyond that pay for opening their key again.
    private const int MaxKnownKeys = 2048;

    private readonly DPoPOptions _options;
    private readonly TimeProvider _time;
    private readonly DPoPNonces? _nonces;
    private readonly KnownKeys _keys = new(MaxKnownKeys);

    /// <summary>Makes a verifier.</summary>
    /// <param name="options">The limits.</param>
    /// <param name="time">The clock.</param>
    /// <param name="key">The key of nonces, at least 32 bytes, the same in all replicas; null where there are no nonces.</param>
    public DPoPVerifier(DPoPOptions options, TimeProvider time, byte[]? key = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        (_options, _time) = (options, time);
        _nonces = key is null ? null : new DPoPNonces(key, options.NonceLifetime);
    }

    /// <summary>Makes a nonce to give to a client; null where there are none.</summary>
    public string? MakeNonce() => _nonces?.Make(_time.GetUtcNow());

    /// <summary>Checks a proof.</summary>
    /// <param name="headers">All values of the DPoP header.</param>
    /// <param name="expected">What it has to prove.</param>
    public DPoPVerdict Verify(IReadOnlyList<string?> headers, in DPoPExpectation expected)
    {
        ArgumentNullException.ThrowIfNull(headers);
        if (headers.Count != 1 || headers[0] is not { Length: > 0 } text)
        {
            return new DPoPVerdict { Failed = DPoPCheck.SingleHeader };
        }

        if (text.Length > _options.MaxProofLength)
        {
            return new DPoPVerdict { Failed = DPoPCheck.WellFormed };
        }

        var room = ArrayPool<byte>.Shared.Rent(2 * text.Length);
        try
        {
            return Verify(text, room.AsMemory(0, text.Length), room.AsMemory(text.Length), expected);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(room);
        }
    }

    private DPoPVerdict Verify(string text, Memory<byte> signed, Memory<byte> decoded, in DPoPExpectation expected)
    {
        var proof = default(DPoPProof);
        if (!proof.TryRead(text, signed, decoded))
        {
            return new DPoPVerdict { Failed = DPoPCheck.WellFormed };
        }

        var now = _time.GetUtcNow();
        var worth = proof.HasNonce && _nonces is not null ? _nonces.Judge(proof.Nonce.Span, now) : NonceWorth.None;
        var offer = expected.NonceRequired && worth is not NonceWorth.Fresh;
        Span<byte> thumbprint = stackalloc byte[SHA256.HashSizeInBytes];
        string? algorithm = null;

        DPoPCheck? failed =
            !HasRequiredClaims(proof, expected) ? DPoPCheck.RequiredClaims
            : !proof.Type.Span.SequenceEqual("dpop+jwt"u8) ? DPoPCheck.Type
            : (algorithm = Accepted(proof.Algorithm.Span)) is null ? DPoPCheck.Algorithm
            : !proof.HasKey || proof.Key.IsPrivate ? DPoPCheck.PublicKey
            : !proof.Key.TryThumbprint(algorithm, thumbprint) ? DPoPCheck.Algorithm
            : !IsMethod(proof.Method.Span, expected.Method) ? DPoPCheck.Method
            : !DPoPAddress.Same(proof.Address.Span, expected.Address) ? DPoPCheck.Address
            : expected.NonceRequired && worth is NonceWorth.None ? DPoPCheck.Nonce
            : !IsInTime(proof, now) ? DPoPCheck.CreationTime
            : !IsForToken(proof, thumbprint, expected) ? DPoPCheck.Token
            : !IsSigned(proof, algorithm, thumbprint, isBound: expected.BoundKey is not null) ? DPoPCheck.Signature
            : null;
        return failed is not null
            ? new DPoPVerdict { Failed = failed, OfferNonce = offer }
            : new DPoPVerdict { Thumbprint = Base64Url.EncodeToString(thumbprint), ReplayKey = ReplayKey(thumbprint, proof.Id.Span), OfferNonce = offer };
    }

    private static bool HasRequiredClaims(in DPoPProof proof, in DPoPExpectation expected) =>
        !proof.WrongClaim && proof.HasIssuedAt && proof.Id.Length is > 0 and <= MaxId && proof.Method.Length is > 0 and <= MaxMethod
        && proof.Address.Length is > 0 and <= MaxAddress && (expected.AccessToken is null || !proof.TokenHash.IsEmpty);

    private static bool IsMethod(ReadOnlySpan<byte> claim, string method) =>
        Ascii.Equals(claim, method);

    private static bool IsForToken(in DPoPProof proof, ReadOnlySpan<byte> thumbprint, in DPoPExpectation expected)
    {
        Span<byte> text = stackalloc byte[64];
        if (expected.BoundKey is { } bound)
        {
            var length = Base64Url.EncodeToUtf8(thumbprint, text);
            if (!Ascii.Equals(text[..length], bound))
            {
                return false;
            }
        }

        if (expected.AccessToken is not { } token)
        {
            return true;
        }

        // Section 4.2: of the ASCII encoding of the token's value.
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(token), hash);
        var written = Base64Url.EncodeToUtf8(hash, text);
        return CryptographicOperations.FixedTimeEquals(text[..written], proof.TokenHash.Span);
    }

    // Only keys that a token is bound to are kept: others, anybody can make as many of as he likes.
    private bool IsSigned(in DPoPProof proof, string algorithm, ReadOnlySpan<byte> thumbprint, bool isBound)
    {
        AsymmetricAlgorithm? key = null;
        var keeps = false;
        try
        {
            key = isBound ? _keys.Borrow(thumbprint) : null;
            keeps = key is not null;
            key ??= proof.Key.Open(algorithm);
            var holds = IsSigned(proof, algorithm, key);
            keeps |= holds && isBound;
            return holds;
        }
        catch (CryptographicException)
        {
            keeps = false;
            return false;
        }
        finally
        {
            if (keeps)
            {
                _keys.Return(thumbprint, key!);
            }
            else
            {
                key?.Dispose();
            }
        }
    }

    private static bool IsSigned(in DPoPProof proof, string algorithm, AsymmetricAlgorithm key) => key switch
    {
        ECDsa ecdsa => ecdsa.VerifyData(
            proof.Signed.Span,
            proof.Signature.Span,
            algorithm is "ES256" ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA384,
            DSASignatureFormat.IeeeP1363FixedFieldConcatenation),
        RSA rsa => rsa.VerifyData(proof.Signed.Span, proof.Signature.Span, HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
        _ => false,
    };

    private static string ReplayKey(ReadOnlySpan<byte> thumbprint, ReadOnlySpan<byte> id)
    {
        Span<byte> both = stackalloc byte[SHA256.HashSizeInBytes + MaxId];
        thumbprint.CopyTo(both);
        id.CopyTo(both[thumbprint.Length..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(both[..(thumbprint.Length + id.Length)], hash);
        return Base64Url.EncodeToString(hash);
    }

    private string? Accepted(ReadOnlySpan<byte> algorithm)
    {
        var name = algorithm.SequenceEqual("ES256"u8) ? "ES256"
            : algorithm.SequenceEqual("ES384"u8) ? "ES384"
            : algorithm.SequenceEqual("PS256"u8) ? "PS256"
            : null;
        return name is not null && _options.Accepts(name) ? name : null;
    }

    private bool IsInTime(in DPoPProof proof, DateTimeOffset now)
    {
        var seconds = now.ToUnixTimeMilliseconds() / 1000.0;
        var skew = _options.ClockSkew.TotalSeconds;

        // Whole seconds on the wire are up to one behind.
        return proof.IssuedAt <= seconds + skew
            && proof.IssuedAt >= Math.Floor(seconds) - _options.Lifetime.TotalSeconds - skew
            && (proof.ExpiresAt is not { } expires || expires > seconds - skew)
            && (proof.NotBefore is not { } start || start <= seconds + skew);
    }
}

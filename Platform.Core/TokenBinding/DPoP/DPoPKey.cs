using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace Platform.TokenBinding.DPoP;

/// <summary>The public key of a proof (RFC 7517), as slices of the proof.</summary>
internal struct DPoPKey
{
    // RSA of 4,096 bits; an elliptic curve needs far less.
    private const int MaxModulus = 512;
    private const int LeastModulusBits = 2048;
    private const int MaxExponent = 4;
    private const int LeastExponent = 65537;
    private const int MaxMembers = 16;

    public ReadOnlyMemory<byte> Kind;
    public ReadOnlyMemory<byte> Curve;
    public ReadOnlyMemory<byte> X;
    public ReadOnlyMemory<byte> Y;
    public ReadOnlyMemory<byte> Modulus;
    public ReadOnlyMemory<byte> Exponent;

    /// <summary>It has members that only a private or a symmetric key has.</summary>
    public bool IsPrivate;

    /// <summary>Reads the object that the reader stands at the start of.</summary>
    public bool TryRead(ref Utf8JsonReader json, ReadOnlyMemory<byte> part)
    {
        var members = 0;
        while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
        {
            if (++members > MaxMembers)
            {
                return false;
            }

            var good = true;
            if (json.ValueTextEquals("kty"u8))
            {
                good = Once(ref json, part, ref Kind);
            }
            else if (json.ValueTextEquals("crv"u8))
            {
                good = Once(ref json, part, ref Curve);
            }
            else if (json.ValueTextEquals("x"u8))
            {
                good = Once(ref json, part, ref X);
            }
            else if (json.ValueTextEquals("y"u8))
            {
                good = Once(ref json, part, ref Y);
            }
            else if (json.ValueTextEquals("n"u8))
            {
                good = Once(ref json, part, ref Modulus);
            }
            else if (json.ValueTextEquals("e"u8))
            {
                good = Once(ref json, part, ref Exponent);
            }
            else if (json.ValueTextEquals("jku"u8) || json.ValueTextEquals("x5u"u8) || json.ValueTextEquals("x5c"u8))
            {
                good = false;
            }
            else
            {
                IsPrivate |= IsPrivateMember(ref json);
                json.Skip();
            }

            if (!good)
            {
                return false;
            }
        }

        return json.TokenType is JsonTokenType.EndObject;
    }

    /// <summary>
    /// Checks that the key fits the algorithm, and makes its thumbprint (RFC 7638), from the values in their one canonical form.
    /// </summary>
    public readonly bool TryThumbprint(string algorithm, Span<byte> hash)
    {
        Span<byte> json = stackalloc byte[1024];
        var length = 0;
        Span<byte> value = stackalloc byte[MaxModulus];
        switch (algorithm)
        {
            case "ES256" or "ES384":
                var size = CoordinateLength(algorithm);
                if (!Kind.Span.SequenceEqual("EC"u8) || !Curve.Span.SequenceEqual(CurveOf(algorithm)))
                {
                    return false;
                }

                Append(json, ref length, "{\"crv\":\""u8, Curve.Span, "\",\"kty\":\"EC\",\"x\":\""u8);
                if (!Decode(X.Span, value, out var x) || x != size)
                {
                    return false;
                }

                length += Base64Url.EncodeToUtf8(value[..x], json[length..]);
                Append(json, ref length, "\",\"y\":\""u8);
                if (!Decode(Y.Span, value, out var y) || y != size)
                {
                    return false;
                }

                length += Base64Url.EncodeToUtf8(value[..y], json[length..]);
                Append(json, ref length, "\"}"u8);
                break;
            case "PS256":
                if (!Kind.Span.SequenceEqual("RSA"u8) || !Decode(Exponent.Span, value, out var e) || !IsExponent(value[..e]))
                {
                    return false;
                }

                Append(json, ref length, "{\"e\":\""u8);
                length += Base64Url.EncodeToUtf8(value[..e], json[length..]);
                Append(json, ref length, "\",\"kty\":\"RSA\",\"n\":\""u8);
                if (!Decode(Modulus.Span, value, out var n) || !IsModulus(value[..n]))
                {
                    return false;
                }

                length += Base64Url.EncodeToUtf8(value[..n], json[length..]);
                Append(json, ref length, "\"}"u8);
                break;
            default:
                return false;
        }

        SHA256.HashData(json[..length], hash);
        return true;
    }

    /// <summary>Makes the key usable; after <see cref="TryThumbprint"/> said that it fits.</summary>
    /// <exception cref="CryptographicException">It is no key, such as a point that is not on the curve.</exception>
    public readonly AsymmetricAlgorithm Open(string algorithm) => algorithm is "PS256"
        ? RSA.Create(new RSAParameters { Modulus = Base64Url.DecodeFromUtf8(Modulus.Span), Exponent = Base64Url.DecodeFromUtf8(Exponent.Span) })
        : ECDsa.Create(new ECParameters
        {
            Curve = algorithm is "ES256" ? ECCurve.NamedCurves.nistP256 : ECCurve.NamedCurves.nistP384,
            Q = new ECPoint { X = Base64Url.DecodeFromUtf8(X.Span), Y = Base64Url.DecodeFromUtf8(Y.Span) },
        });

    private static int CoordinateLength(string algorithm) => algorithm is "ES256" ? 32 : 48;

    private static ReadOnlySpan<byte> CurveOf(string algorithm) => algorithm is "ES256" ? "P-256"u8 : "P-384"u8;

    private static bool IsExponent(ReadOnlySpan<byte> value)
    {
        if (value.Length is 0 or > MaxExponent || value[0] == 0 || (value[^1] & 1) == 0)
        {
            return false;
        }

        uint number = 0;
        foreach (var b in value)
        {
            number = (number << 8) | b;
        }

        return number >= LeastExponent;
    }

    private static bool IsModulus(ReadOnlySpan<byte> value) =>
        !value.IsEmpty && value[0] != 0 && (value[^1] & 1) == 1
        && (value.Length * 8) - (System.Numerics.BitOperations.LeadingZeroCount((uint)value[0]) - 24) >= LeastModulusBits;

    private static bool IsPrivateMember(ref Utf8JsonReader json) =>
        json.ValueTextEquals("d"u8) || json.ValueTextEquals("k"u8) || json.ValueTextEquals("p"u8) || json.ValueTextEquals("q"u8)
        || json.ValueTextEquals("dp"u8) || json.ValueTextEquals("dq"u8) || json.ValueTextEquals("qi"u8) || json.ValueTextEquals("oth"u8);

    private static bool Once(ref Utf8JsonReader json, ReadOnlyMemory<byte> part, ref ReadOnlyMemory<byte> member)
    {
        if (!member.IsEmpty || !json.Read() || json.TokenType is not JsonTokenType.String || json.ValueIsEscaped)
        {
            return false;
        }

        member = part.Slice((int)json.TokenStartIndex + 1, json.ValueSpan.Length);
        return !member.IsEmpty;
    }

    private static bool Decode(ReadOnlySpan<byte> text, Span<byte> value, out int length)
    {
        length = 0;
        return !text.ContainsAny((byte)'=', (byte)' ') && text.Length <= (value.Length * 4 / 3) + 1 && Base64Url.IsValid(text)
            && Base64Url.TryDecodeFromUtf8(text, value, out length);
    }

    private static void Append(Span<byte> json, ref int length, ReadOnlySpan<byte> part)
    {
        part.CopyTo(json[length..]);
        length += part.Length;
    }

    private static void Append(Span<byte> json, ref int length, ReadOnlySpan<byte> one, ReadOnlySpan<byte> two, ReadOnlySpan<byte> three)
    {
        Append(json, ref length, one);
        Append(json, ref length, two);
        Append(json, ref length, three);
    }
}

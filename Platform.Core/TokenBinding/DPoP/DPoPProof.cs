using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Platform.TokenBinding.DPoP;

/// <summary>A proof taken apart, as slices of the caller's buffers: nothing is copied, and nothing is believed yet.</summary>
internal struct DPoPProof
{
    private const int MaxMembers = 32;

    // Header, its jwk, and what an unknown member may hold.
    private const int MaxDepth = 4;

    private static readonly SearchValues<char> Alphabet = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>What was signed: the first two parts with their dot.</summary>
    public ReadOnlyMemory<byte> Signed;
    public ReadOnlyMemory<byte> Signature;
    public ReadOnlyMemory<byte> Type;
    public ReadOnlyMemory<byte> Algorithm;
    public DPoPKey Key;
    public bool HasKey;
    public ReadOnlyMemory<byte> Id;
    public ReadOnlyMemory<byte> Method;
    public ReadOnlyMemory<byte> Address;
    public ReadOnlyMemory<byte> Nonce;
    public bool HasNonce;
    public ReadOnlyMemory<byte> TokenHash;
    public double IssuedAt;
    public bool HasIssuedAt;
    public double? ExpiresAt;
    public double? NotBefore;

    /// <summary>A claim is there with a type that it cannot have.</summary>
    public bool WrongClaim;

    /// <summary>Takes a proof apart.</summary>
    /// <param name="text">The header's value.</param>
    /// <param name="signed">Room for as many bytes as the text has characters.</param>
    /// <param name="decoded">The same again.</param>
    /// <returns>False where it is no JWT in compact form, or one that refers elsewhere.</returns>
    public bool TryRead(ReadOnlySpan<char> text, Memory<byte> signed, Memory<byte> decoded)
    {
        var first = text.IndexOf('.');
        var second = first < 0 ? -1 : text[(first + 1)..].IndexOf('.') + first + 1;
        if (first <= 0 || second <= first + 1)
        {
            return false;
        }

        var header = text[..first];
        var payload = text[(first + 1)..second];
        var signature = text[(second + 1)..];
        if (signature.IsEmpty || header.ContainsAnyExcept(Alphabet) || payload.ContainsAnyExcept(Alphabet) || signature.ContainsAnyExcept(Alphabet))
        {
            return false;
        }

        Signed = signed[..Encoding.ASCII.GetBytes(text[..second], signed.Span)];
        if (!Decode(header, ref decoded, out var headerBytes) || !Decode(payload, ref decoded, out var payloadBytes)
            || !Decode(signature, ref decoded, out var signatureBytes))
        {
            return false;
        }

        Signature = signatureBytes;
        try
        {
            return ReadHeader(headerBytes) && ReadPayload(payloadBytes);
        }
        catch (JsonException)
        {
            return false;
        }
        catch (InvalidOperationException)
        {
            // Text that is no Unicode: half a surrogate pair, or invalid UTF-8.
            return false;
        }
    }

    private static bool Decode(ReadOnlySpan<char> part, ref Memory<byte> room, out ReadOnlyMemory<byte> bytes)
    {
        if (!Base64Url.IsValid(part) || !Base64Url.TryDecodeFromChars(part, room.Span, out var length))
        {
            bytes = default;
            return false;
        }

        bytes = room[..length];
        room = room[length..];
        return true;
    }

    // Where nothing is escaped, which is nearly always, it is a slice.
    private static ReadOnlyMemory<byte> Text(ref Utf8JsonReader json, ReadOnlyMemory<byte> part)
    {
        if (json.ValueIsEscaped)
        {
            return Encoding.UTF8.GetBytes(json.GetString()!);
        }

        var value = part.Slice((int)json.TokenStartIndex + 1, json.ValueSpan.Length);
        return System.Text.Unicode.Utf8.IsValid(value.Span) ? value : throw new JsonException();
    }

    private static Utf8JsonReader Open(ReadOnlyMemory<byte> utf8, out bool isObject)
    {
        var json = new Utf8JsonReader(utf8.Span, new JsonReaderOptions { MaxDepth = MaxDepth });
        isObject = json.Read() && json.TokenType is JsonTokenType.StartObject;
        return json;
    }

    private bool ReadHeader(ReadOnlyMemory<byte> utf8)
    {
        var json = Open(utf8, out var isObject);
        var members = 0;
        while (isObject && json.Read() && json.TokenType is JsonTokenType.PropertyName)
        {
            if (++members > MaxMembers)
            {
                return false;
            }

            if (json.ValueTextEquals("typ"u8))
            {
                if (!Once(ref json, utf8, ref Type))
                {
                    return false;
                }
            }
            else if (json.ValueTextEquals("alg"u8))
            {
                if (!Once(ref json, utf8, ref Algorithm))
                {
                    return false;
                }
            }
            else if (json.ValueTextEquals("jwk"u8))
            {
                if (HasKey || !json.Read() || json.TokenType is not JsonTokenType.StartObject || !Key.TryRead(ref json, utf8))
                {
                    return false;
                }

                HasKey = true;
            }
            else if (RefersElsewhere(ref json))
            {
                return false;
            }
            else
            {
                json.Skip();
            }
        }

        return isObject && json.TokenType is JsonTokenType.EndObject && !json.Read();
    }

    // RFC 7515: another key than jwk's, or something that has to be understood and is not (4.1.11), such as b64 or zip.
    private static bool RefersElsewhere(ref Utf8JsonReader json) =>
        json.ValueTextEquals("jku"u8) || json.ValueTextEquals("x5u"u8) || json.ValueTextEquals("x5c"u8) || json.ValueTextEquals("crit"u8)
        || json.ValueTextEquals("b64"u8) || json.ValueTextEquals("zip"u8) || json.ValueTextEquals("enc"u8);

    private static bool Once(ref Utf8JsonReader json, ReadOnlyMemory<byte> part, ref ReadOnlyMemory<byte> member)
    {
        if (!member.IsEmpty || !json.Read() || json.TokenType is not JsonTokenType.String)
        {
            return false;
        }

        member = Text(ref json, part);
        return !member.IsEmpty;
    }

    private bool ReadPayload(ReadOnlyMemory<byte> utf8)
    {
        var json = Open(utf8, out var isObject);
        var members = 0;
        while (isObject && json.Read() && json.TokenType is JsonTokenType.PropertyName)
        {
            if (++members > MaxMembers || !ReadClaim(ref json, utf8))
            {
                return false;
            }
        }

        return isObject && json.TokenType is JsonTokenType.EndObject && !json.Read();
    }

    private bool ReadClaim(ref Utf8JsonReader json, ReadOnlyMemory<byte> part)
    {
        if (json.ValueTextEquals("jti"u8))
        {
            return Claim(ref json, part, ref Id);
        }

        if (json.ValueTextEquals("htm"u8))
        {
            return Claim(ref json, part, ref Method);
        }

        if (json.ValueTextEquals("htu"u8))
        {
            return Claim(ref json, part, ref Address);
        }

        if (json.ValueTextEquals("ath"u8))
        {
            return Claim(ref json, part, ref TokenHash);
        }

        if (json.ValueTextEquals("nonce"u8))
        {
            HasNonce = true;
            return Claim(ref json, part, ref Nonce);
        }

        if (json.ValueTextEquals("iat"u8))
        {
            if (HasIssuedAt)
            {
                return false;
            }

            HasIssuedAt = true;
            return Number(ref json, out IssuedAt);
        }

        if (json.ValueTextEquals("exp"u8))
        {
            var good = Number(ref json, out var value) && ExpiresAt is null;
            ExpiresAt = value;
            return good;
        }

        if (json.ValueTextEquals("nbf"u8))
        {
            var good = Number(ref json, out var value) && NotBefore is null;
            NotBefore = value;
            return good;
        }

        json.Skip();
        return true;
    }

    // Twice the same claim is no well-formed JWT (RFC 7519, section 4); a wrong type is a claim that is not there.
    private bool Claim(ref Utf8JsonReader json, ReadOnlyMemory<byte> part, ref ReadOnlyMemory<byte> claim)
    {
        if (!claim.IsEmpty)
        {
            return false;
        }

        json.Read();
        if (json.TokenType is not JsonTokenType.String)
        {
            WrongClaim = true;
            json.Skip();
            return true;
        }

        claim = Text(ref json, part);
        return true;
    }

    private bool Number(ref Utf8JsonReader json, out double value)
    {
        value = 0;
        json.Read();
        if (json.TokenType is JsonTokenType.Number && json.TryGetDouble(out value) && double.IsFinite(value))
        {
            return true;
        }

        WrongClaim = true;
        json.Skip();
        return true;
    }
}

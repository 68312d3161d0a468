using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Platform.FeatureFlags;
using Platform.Identifiers;

namespace Platform.ServiceDefaults.FeatureFlags;

/// <summary>
/// Ids of anonymous visitors, signed (HMAC-SHA-256, RFC 2104, cut to 128 bits), so that nobody picks his own bucket. The same key in every host:
/// configured, or the database's.
/// </summary>
internal sealed class VisitorIds(IOptions<FeatureFlagOptions> options, FlagServing serving, TimeProvider time)
{
    private const int IdLength = 32;
    private const int SignatureBytes = 16;

    // Where neither is known: good until the host ends.
    private readonly byte[] _ownKey = RandomNumberGenerator.GetBytes(32);
    private readonly byte[]? _configured = options.Value.VisitorKey is { Length: > 0 } key ? Convert.FromBase64String(key) : null;

    /// <summary>A new visitor.</summary>
    public string New() => Uuid7.Next(time).ToString("N");

    /// <summary>The value of the cookie.</summary>
    public string Sign(string id) => $"{id}.{Signature(id)}";

    /// <summary>The id in a cookie; null where it was not signed here.</summary>
    public string? Read(string? cookie)
    {
        if (cookie is null || cookie.Length < IdLength + 2 || cookie[IdLength] != '.')
        {
            return null;
        }

        var id = cookie[..IdLength];
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(cookie[(IdLength + 1)..]), Encoding.UTF8.GetBytes(Signature(id))) ? id : null;
    }

    private string Signature(string id)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        var stored = serving.Stored.VisitorKey;
        HMACSHA256.HashData(_configured ?? (stored.IsEmpty ? _ownKey : stored.Span), Encoding.UTF8.GetBytes(id), hash);
        return Base64Url.EncodeToString(hash[..SignatureBytes]);
    }
}

using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Platform.ServiceDefaults.FeatureFlags;

/// <summary>Signs short texts: HMAC-SHA-256 cut to 128 bits (RFC 2104, section 5), with a key for each purpose (HKDF, RFC 5869). Thread safe.</summary>
internal sealed class FlagSigning
{
    private const int TagBytes = 16;
    private const int KeyBytes = 32;

    private readonly byte[]? _configured;
    private readonly byte[] _own = RandomNumberGenerator.GetBytes(KeyBytes);
    private readonly FlagServing? _serving;
    private Keys? _keys;

    public FlagSigning(IOptions<FlagKeyOptions> options, FlagServing? serving = null)
    {
        _configured = options.Value.SigningKey is { Length: > 0 } configured ? Convert.FromBase64String(configured) : null;
        _serving = serving;
    }

    public string SignVisitor(string id) => Sign(Current().Visitor, id);

    public string? ReadVisitor(string? signed) => Read(Current().Visitor, signed);

    public string SignStream(string content) => Sign(Current().Stream, content);

    public string? ReadStream(string? signed) => Read(Current().Stream, signed);

    /// <summary>A number for a caller and a flag, that tells neither.</summary>
    public long NumberCaller(string flag, string caller) =>
        BinaryPrimitives.ReadInt64LittleEndian(HMACSHA256.HashData(Current().Caller, Encoding.UTF8.GetBytes($"{flag}\n{caller}")));

    /// <summary>The configured key, else the database's, which every host reads with the flags, else one of this process alone.</summary>
    private Keys Current()
    {
        var secret = _configured ?? (_serving?.Stored.VisitorKey is { IsEmpty: false } stored ? stored : _own);
        var keys = Volatile.Read(ref _keys);
        if (keys is null || !keys.Secret.Equals(secret))
        {
            keys = new Keys(secret, Derive(secret.Span, "visitor"), Derive(secret.Span, "stream"), Derive(secret.Span, "caller"));
            Volatile.Write(ref _keys, keys);
        }

        return keys;
    }

    private static byte[] Derive(ReadOnlySpan<byte> secret, string purpose)
    {
        var key = new byte[KeyBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, key, salt: [], info: Encoding.UTF8.GetBytes($"platform-flags-{purpose}"));
        return key;
    }

    private static string Sign(byte[] key, string content) => $"{content}.{Tag(key, content)}";

    private static string? Read(byte[] key, string? signed)
    {
        if (signed is null or { Length: > 200 } || signed.LastIndexOf('.') is not (> 0 and var at))
        {
            return null;
        }

        var content = signed[..at];
        var expected = Encoding.ASCII.GetBytes(Tag(key, content));
        return CryptographicOperations.FixedTimeEquals(expected, Encoding.UTF8.GetBytes(signed[(at + 1)..])) ? content : null;
    }

    private static string Tag(byte[] key, string content) => Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(content)).AsSpan(0, TagBytes));

    private sealed record Keys(ReadOnlyMemory<byte> Secret, byte[] Visitor, byte[] Stream, byte[] Caller);
}

internal sealed class FlagKeyOptionsCheck : IValidateOptions<FlagKeyOptions>
{
    public ValidateOptionsResult Validate(string? name, FlagKeyOptions options)
    {
        if (string.IsNullOrEmpty(options.SigningKey))
        {
            return ValidateOptionsResult.Success;
        }

        var key = new byte[options.SigningKey.Length];
        return Convert.TryFromBase64String(options.SigningKey, key, out var length) && length >= 32
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"{FlagKeyOptions.Section}:{nameof(FlagKeyOptions.SigningKey)} has to be at least 32 bytes in base64.");
    }
}

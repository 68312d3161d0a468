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

    private readonly byte[] _visitor;
    private readonly byte[] _stream;

    public FlagSigning(IOptions<FlagKeyOptions> options)
    {
        var secret = options.Value.SigningKey is { Length: > 0 } configured ? Convert.FromBase64String(configured) : RandomNumberGenerator.GetBytes(KeyBytes);
        _visitor = Derive(secret, "visitor");
        _stream = Derive(secret, "stream");
    }

    public string SignVisitor(string id) => Sign(_visitor, id);

    public string? ReadVisitor(string? signed) => Read(_visitor, signed);

    public string SignStream(string content) => Sign(_stream, content);

    public string? ReadStream(string? signed) => Read(_stream, signed);

    private static byte[] Derive(byte[] secret, string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, KeyBytes, info: Encoding.UTF8.GetBytes($"platform-flags-{purpose}"));

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

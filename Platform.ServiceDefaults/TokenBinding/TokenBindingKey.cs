using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Platform.TokenBinding;
using Platform.TokenBinding.DPoP;
using Platform.TokenBinding.Fingerprints;

namespace Platform.ServiceDefaults.TokenBinding;

// Without a key of its own, the bindings' key comes from the key-encryption key, so that one secret is enough where a host has that one.
internal sealed class TokenBindingKey(IConfiguration configuration, IHostEnvironment environment)
    : IPostConfigureOptions<TokenBindingOptions>, IValidateOptions<TokenBindingOptions>
{
    private const int Length = 32;
    private const string Name = $"{TokenBindingOptions.Section}:{nameof(TokenBindingOptions.Key)}";
    private const string KeyEncryptionKey = "Platform:Identity:KeyEncryptionKey";

    // Public, as the key-encryption key of Development is.
    private const string DevelopmentKey = "cGxhdGZvcm0tZGV2ZWxvcG1lbnQta2V5LW5vdC1zYWY=";

    public void PostConfigure(string? name, TokenBindingOptions options)
    {
        if (!string.IsNullOrWhiteSpace(options.Key))
        {
            return;
        }

        var configured = configuration[KeyEncryptionKey];
        if (string.IsNullOrWhiteSpace(configured) && environment.IsDevelopment())
        {
            configured = DevelopmentKey;
        }

        if (Decode(configured) is { } key)
        {
            var derived = new byte[Length];
            HKDF.DeriveKey(HashAlgorithmName.SHA256, key, derived, [], "platform token binding"u8);
            options.Key = Convert.ToBase64String(derived);
        }
    }

    public ValidateOptionsResult Validate(string? name, TokenBindingOptions options)
    {
        if (!string.IsNullOrWhiteSpace(options.Key) && Decode(options.Key) is null)
        {
            return ValidateOptionsResult.Fail($"{Name} has to be exactly 32 bytes in base64.");
        }

        if (options.DPoP.Algorithms.FirstOrDefault(algorithm => !DPoPOptions.KnownAlgorithms.Contains(algorithm)) is { } unknown)
        {
            return ValidateOptionsResult.Fail($"{TokenBindingOptions.Section}:DPoP:Algorithms has {unknown}; known are {string.Join(", ", DPoPOptions.KnownAlgorithms)}.");
        }

        if (options.DPoP.PublicOrigin is { } origin && (!origin.IsAbsoluteUri || origin.PathAndQuery != "/" || origin.UserInfo.Length > 0))
        {
            return ValidateOptionsResult.Fail($"{TokenBindingOptions.Section}:DPoP:PublicOrigin is scheme, host and port only.");
        }

        if (TrustedProxies.Parse(options.TrustedProxies) is null)
        {
            return ValidateOptionsResult.Fail($"{TokenBindingOptions.Section}:TrustedProxies are addresses or networks, such as 10.0.0.0/8.");
        }

        if (options.Certificates.ForwardedHeader is { Length: > 0 } && options.TrustedProxies.Count == 0)
        {
            return ValidateOptionsResult.Fail($"{TokenBindingOptions.Section}:Certificates:ForwardedHeader needs {TokenBindingOptions.Section}:TrustedProxies.");
        }

        var needsKey = options.DPoP.RequireNonce is not DPoPNonceUse.Never || options.Fingerprint.Mode is FingerprintMode.Strict or FingerprintMode.Tolerant;
        return needsKey && Decode(options.Key) is null
            ? ValidateOptionsResult.Fail($"{Name} is required for nonces and fingerprints where {KeyEncryptionKey} is not set.")
            : ValidateOptionsResult.Success;
    }

    /// <summary>Opens a key.</summary>
    public static byte[]? Decode(string? text)
    {
        // One byte more than allowed tells 32 from longer.
        Span<byte> key = stackalloc byte[Length + 1];
        return text is not null && Convert.TryFromBase64String(text, key, out var length) && length == Length ? key[..Length].ToArray() : null;
    }
}

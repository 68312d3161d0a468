using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Platform.EntityFrameworkCore.Identity;

internal sealed class IdentityKeyOptionsCheck(IHostEnvironment environment)
    : IPostConfigureOptions<IdentityKeyOptions>, IValidateOptions<IdentityKeyOptions>
{
    private const string Name = $"{IdentityKeyOptions.Section}:{nameof(IdentityKeyOptions.KeyEncryptionKey)}";

    public void PostConfigure(string? name, IdentityKeyOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.KeyEncryptionKey) && environment.IsDevelopment())
        {
            options.KeyEncryptionKey = IdentityKeyOptions.DevelopmentKeyEncryptionKey;
        }
    }

    public ValidateOptionsResult Validate(string? name, IdentityKeyOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.KeyEncryptionKey))
        {
            return ValidateOptionsResult.Fail($"{Name} is required outside Development: 32 bytes in base64 (openssl rand -base64 32).");
        }

        if (!environment.IsDevelopment() && options.KeyEncryptionKey == IdentityKeyOptions.DevelopmentKeyEncryptionKey)
        {
            return ValidateOptionsResult.Fail($"{Name} is the public key of Development: set one of your own.");
        }

        // One byte more than allowed tells 32 from longer.
        Span<byte> key = stackalloc byte[33];
        return Convert.TryFromBase64String(options.KeyEncryptionKey, key, out var length) && length == 32
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"{Name} has to be exactly 32 bytes in base64.");
    }
}

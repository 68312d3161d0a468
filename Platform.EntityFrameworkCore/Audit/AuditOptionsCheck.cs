using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Platform.Audit;
using Platform.EntityFrameworkCore.Identity;

namespace Platform.EntityFrameworkCore.Audit;

// Without a key of its own the chain takes one from the key-encryption key, which nobody finds in the database either.
internal sealed class AuditOptionsCheck(IServiceProvider services) : IPostConfigureOptions<AuditOptions>, IValidateOptions<AuditOptions>
{
    private const string Name = $"{AuditOptions.Section}:{nameof(AuditOptions.Key)}";
    private const string KeyEncryptionKey = $"{IdentityKeyOptions.Section}:{nameof(IdentityKeyOptions.KeyEncryptionKey)}";

    public void PostConfigure(string? name, AuditOptions options)
    {
        if (!string.IsNullOrWhiteSpace(options.Key))
        {
            return;
        }

        var configured = services.GetService<IConfiguration>()?[KeyEncryptionKey];
        if (string.IsNullOrWhiteSpace(configured) && services.GetService<IHostEnvironment>()?.IsDevelopment() is true)
        {
            configured = IdentityKeyOptions.DevelopmentKeyEncryptionKey;
        }

        if (Decode(configured) is { } key)
        {
            options.Key = Convert.ToBase64String(AuditKeys.Derive(key));
        }
    }

    public ValidateOptionsResult Validate(string? name, AuditOptions options)
    {
        if (Decode(options.Key) is null)
        {
            return ValidateOptionsResult.Fail(
                $"{Name} is required where {KeyEncryptionKey} is not set: 32 bytes in base64 (openssl rand -base64 32), the same in all hosts.");
        }

        return options.PreviousKeys.All(key => Decode(key) is not null)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"{AuditOptions.Section}:{nameof(AuditOptions.PreviousKeys)} are 32 bytes in base64 each.");
    }

    private static byte[]? Decode(string? text)
    {
        // One byte more than allowed tells 32 from longer.
        Span<byte> key = stackalloc byte[AuditKeys.Length + 1];
        return text is not null && Convert.TryFromBase64String(text, key, out var length) && length == AuditKeys.Length
            ? key[..AuditKeys.Length].ToArray()
            : null;
    }
}

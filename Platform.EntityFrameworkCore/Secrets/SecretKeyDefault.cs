using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Platform.EntityFrameworkCore.Identity;
using Platform.Secrets;

namespace Platform.EntityFrameworkCore.Secrets;

// Without a key of its own, secrets take one from the key-encryption key of the token server (RFC 5869), as the audit trail does.
internal sealed class SecretKeyDefault(IServiceProvider services) : IPostConfigureOptions<SecretsOptions>
{
    private const string KeyEncryptionKey = $"{IdentityKeyOptions.Section}:{nameof(IdentityKeyOptions.KeyEncryptionKey)}";

    public void PostConfigure(string? name, SecretsOptions options)
    {
        if (!string.IsNullOrWhiteSpace(options.KeyEncryptionKey) || !string.IsNullOrWhiteSpace(options.KeyEncryptionKeyFile))
        {
            return;
        }

        var configured = services.GetService<IConfiguration>()?[KeyEncryptionKey];
        if (string.IsNullOrWhiteSpace(configured) && services.GetService<IHostEnvironment>()?.IsDevelopment() is true)
        {
            configured = IdentityKeyOptions.DevelopmentKeyEncryptionKey;
        }

        if (SecretsOptions.Decode(configured) is { } key)
        {
            options.KeyEncryptionKey = Convert.ToBase64String(HKDF.DeriveKey(HashAlgorithmName.SHA256, key, SecretsOptions.KeyLength, [], "platform secrets"u8.ToArray()));
        }
    }
}

using Azure.Core;
using Azure.Identity;
using Azure.Security.KeyVault.Secrets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Platform.AzureKeyVault.Secrets;
using Platform.Secrets;

// The namespace of the host builders, as the service defaults.
namespace Microsoft.Extensions.Hosting;

/// <summary>Lets a host open its secrets with keys of Azure Key Vault.</summary>
public static class KeyVaultExtensions
{
    private const int Retries = 2;

    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Takes the key-encryption keys from the vault that <see cref="KeyVaultOptions.Address"/> names; without one nothing changes. Call it before <c>AddSecrets()</c>. The host
    /// signs in as <c>DefaultAzureCredential</c> does (workload or managed identity, environment, developer tools), or as a <see cref="TokenCredential"/> of the services;
    /// it needs to get and list secrets.
    /// </summary>
    public static IHostApplicationBuilder AddKeyVaultKeys(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var section = builder.Configuration.GetSection(KeyVaultOptions.SectionName);
        if (section[nameof(KeyVaultOptions.Address)] is not { Length: > 0 })
        {
            return builder;
        }

        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddOptions<KeyVaultOptions>().Bind(section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.TryAddSingleton(services =>
        {
            var options = new SecretClientOptions { Retry = { MaxRetries = Retries, NetworkTimeout = AnswerLimit } };
            return new SecretClient(
                services.GetRequiredService<IOptions<KeyVaultOptions>>().Value.Address,
                services.GetService<TokenCredential>() ?? new DefaultAzureCredential(),
                options);
        });
        builder.Services.TryAddSingleton<IKeyEncryptionKeys, KeyVaultKeys>();
        return builder;
    }
}

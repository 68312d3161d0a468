using System.ComponentModel.DataAnnotations;

namespace Platform.AzureKeyVault.Secrets;

/// <summary>Where the key-encryption keys are in Azure Key Vault. Section <c>Platform:Secrets:KeyVault</c>.</summary>
public sealed class KeyVaultOptions : IValidatableObject
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "Platform:Secrets:KeyVault";

    /// <summary>The vault: <c>https://{name}.vault.azure.net</c>.</summary>
    /// <value>None by default: then the keys come from the configuration or a file.</value>
    public Uri? Address { get; set; }

    /// <summary>The secret in the vault whose versions are the keys: 32 bytes in base64 each.</summary>
    /// <value>1 to 127 letters, digits and dashes; <c>platform-key-encryption-key</c> by default.</value>
    [Required]
    [RegularExpression("^[0-9A-Za-z-]{1,127}$")]
    public string SecretName { get; set; } = "platform-key-encryption-key";

    /// <summary>How long keys are used before the vault is asked for newer ones.</summary>
    /// <value>1 second to 1 day; 5 minutes by default.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan RefreshInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Address is not { IsAbsoluteUri: true, Scheme: "https" })
        {
            yield return new ValidationResult("It has to be an https address.", [nameof(Address)]);
        }
    }
}

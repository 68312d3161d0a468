using System.ComponentModel.DataAnnotations;

namespace Platform.EntityFrameworkCore.Identity;

/// <summary>How the token server's keys are kept.</summary>
public sealed class IdentityKeyOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Platform:Identity";

    /// <summary>
    /// The key-encryption key of Development, so that nothing has to be configured there. It is public: every other environment
    /// refuses to start with it.
    /// </summary>
    public const string DevelopmentKeyEncryptionKey = "cGxhdGZvcm0tZGV2ZWxvcG1lbnQta2V5LW5vdC1zYWY=";

    /// <summary>
    /// The key that the stored keys are sealed with: 32 bytes in base64, for example from <c>openssl rand -base64 32</c>. The same in
    /// every replica of the API and in the migrate step.
    /// </summary>
    /// <value>Required; in Development <see cref="DevelopmentKeyEncryptionKey"/> by default.</value>
    public string? KeyEncryptionKey { get; set; }

    /// <summary>How long a replaced signing key is published on, for the tokens that it signed.</summary>
    /// <value>2 hours by default, which is twice the life of an access token; 1 hour to 30 days.</value>
    [Range(typeof(TimeSpan), "01:00:00", "30.00:00:00")]
    public TimeSpan KeyRetention { get; set; } = TimeSpan.FromHours(2);
}

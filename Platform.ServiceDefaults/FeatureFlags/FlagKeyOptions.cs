namespace Platform.ServiceDefaults.FeatureFlags;

/// <summary>The key that visitor cookies and the addresses of streams are signed with. Section <c>Platform:FeatureFlags</c>.</summary>
public sealed class FlagKeyOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Platform:FeatureFlags";

    /// <summary>
    /// At least 32 bytes in base64, for example from <c>openssl rand -base64 32</c>; the same in every replica. A secret. Changing it gives
    /// visitors who are not signed in new ids.
    /// </summary>
    /// <value>By default the database's own, which every host reads with the flags; without a database one that ends with the process.</value>
    public string? SigningKey { get; set; }
}

namespace Platform.FeatureFlags;

/// <summary>Whose rules decide a flag. A flag that comes from elsewhere goes on answering as it did there.</summary>
public enum FlagOrigin
{
    /// <summary>Platform's own rules: sticky percentages, rules, prerequisites, windows, variants.</summary>
    Own,

    /// <summary>django-waffle 5: the order of <c>AbstractBaseFlag.is_active</c>, with its cookies and its dice.</summary>
    Waffle,

    /// <summary>Microsoft's feature flag schema v2, with the SHA-256 buckets of Microsoft.FeatureManagement 4.</summary>
    Microsoft,

    /// <summary>Unleash's client specification 6, with its murmur3 buckets.</summary>
    Unleash,
}

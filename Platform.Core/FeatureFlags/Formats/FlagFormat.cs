namespace Platform.FeatureFlags;

/// <summary>The files that flags come from and go to.</summary>
public enum FlagFormat
{
    /// <summary>Platform's own document, with flags of every origin.</summary>
    Platform,

    /// <summary>Microsoft's schema v2: <c>{"feature_management": {"feature_flags": []}}</c>.</summary>
    Microsoft,

    /// <summary>django-waffle: the output of <c>dumpdata waffle</c>, with or without natural keys.</summary>
    Waffle,

    /// <summary>Unleash: the answer of <c>/api/client/features</c>, or its delta of events.</summary>
    Unleash,
}

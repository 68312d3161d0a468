namespace Platform.FeatureFlags;

/// <summary>What a change did to an item.</summary>
public enum FlagAction
{
    /// <summary>It came to be.</summary>
    Created,

    /// <summary>It was off for everybody, and no longer is.</summary>
    Enabled,

    /// <summary>It is off for everybody now.</summary>
    Disabled,

    /// <summary>Only percentages, weights or the step to everybody changed.</summary>
    RolloutChanged,

    /// <summary>Something else changed.</summary>
    Updated,

    /// <summary>It is gone.</summary>
    Deleted,
}

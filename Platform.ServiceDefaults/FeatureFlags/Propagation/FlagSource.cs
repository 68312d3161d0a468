namespace Platform.ServiceDefaults.FeatureFlags;

/// <summary>Where the flags that answer now came from.</summary>
internal enum FlagSource
{
    /// <summary>Nowhere: every flag has its default.</summary>
    Nothing,

    /// <summary>The configuration alone.</summary>
    Configuration,

    /// <summary>The file that an earlier run left behind.</summary>
    File,

    /// <summary>The database.</summary>
    Database,
}

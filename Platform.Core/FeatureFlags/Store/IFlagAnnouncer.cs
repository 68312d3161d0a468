namespace Platform.FeatureFlags;

/// <summary>Tells hosts of a change besides what the store does by itself. Called after each commit.</summary>
public interface IFlagAnnouncer
{
    /// <summary>Tells them. Returns at once and never throws: who misses it finds the change by himself.</summary>
    /// <param name="flags">What is stored now.</param>
    void Announce(StoredFlags flags);
}

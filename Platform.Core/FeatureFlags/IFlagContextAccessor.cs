namespace Platform.FeatureFlags;

/// <summary>Gives the caller of the work at hand, where code asks without naming one. The host's edge implements it.</summary>
public interface IFlagContextAccessor
{
    /// <summary>The present caller; one without any identity where there is no request.</summary>
    FlagContext Current { get; }
}

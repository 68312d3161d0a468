using System.ComponentModel.DataAnnotations;

namespace Platform.ServiceDefaults.FeatureFlags.Gates;

/// <summary>What a closed gate answers where it does not say. Section <c>Platform:FeatureFlags:Gates</c>.</summary>
public sealed class FlagGateOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Platform:FeatureFlags:Gates";

    /// <summary>The status.</summary>
    /// <value>404 by default: as if there were nothing; 400 to 599.</value>
    [Range(400, 599)]
    public int Status { get; set; } = 404;
}

using System.ComponentModel.DataAnnotations;

namespace Platform.ServiceDefaults.Drain;

/// <summary>How the host leaves. Section <c>Platform:Drain</c>.</summary>
public sealed class DrainOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "Platform:Drain";

    /// <summary>
    /// How long the host goes on serving after it was asked to stop, with <c>/readyz</c> false: the time that load balancers need
    /// to notice. It must exceed their lag; requests that they send later are refused.
    /// </summary>
    /// <value>Default 5 s, 0 in Development. 0 to 5 min.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan? Delay { get; set; }

    /// <summary>How long requests and background work that are under way then have to end.</summary>
    /// <value>Default 30 s, 1 s to 10 min.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(30);
}

using System.ComponentModel.DataAnnotations;

namespace Platform.Api.Http;

/// <summary>What one request may cost.</summary>
public sealed class RequestLimitOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Platform:RequestLimits";

    /// <summary>The largest body, in bytes; a larger one answers 413.</summary>
    /// <value>65,536 by default; 1 KiB to 16 MiB.</value>
    [Range(1_024, 16 * 1_024 * 1_024)]
    public int MaxBodyBytes { get; set; } = 65_536;

    /// <summary>How long a request may take; a longer one answers 504, and what it has not saved by then is not saved.</summary>
    /// <value>30 seconds by default; 100 ms to 10 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the request line and the headers may take to arrive.</summary>
    /// <value>10 seconds by default; 1 second to 2 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:02:00")]
    public TimeSpan HeadersTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How many connections may be open at once.</summary>
    /// <value>10,000 by default; 10 to 1,000,000.</value>
    [Range(10, 1_000_000)]
    public int MaxConnections { get; set; } = 10_000;
}

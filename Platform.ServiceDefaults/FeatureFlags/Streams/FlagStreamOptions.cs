using System.ComponentModel.DataAnnotations;

namespace Platform.ServiceDefaults.FeatureFlags.Streams;

/// <summary>Server-sent events about changes of flags. Section <c>Platform:FeatureFlags:Streams</c>.</summary>
public sealed class FlagStreamOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Platform:FeatureFlags:Streams";

    /// <summary>Streams that one replica keeps open; more are answered 503 with <c>Retry-After</c>.</summary>
    /// <value>2,000 by default; 0 to 100,000.</value>
    [Range(0, 100_000)]
    public int MaxStreams { get; set; } = 2_000;

    /// <summary>A stream says this often that it is alive.</summary>
    /// <value>15 seconds by default; 100 ms to 1 hour.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>After this long a stream is ended, and the client comes back: so that load spreads over new replicas.</summary>
    /// <value>30 minutes by default; 1 second to 24 hours.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>The token in the address of a stream is taken for at least half of this and at most all of it. An open stream goes on.</summary>
    /// <value>10 minutes by default; 2 seconds to 24 hours.</value>
    [Range(typeof(TimeSpan), "00:00:02", "1.00:00:00")]
    public TimeSpan TokenLifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Where answers depend on the clock or on chance, clients are told this often to ask again.</summary>
    /// <value>1 minute by default; 1 second to 1 hour.</value>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan RefetchInterval { get; set; } = TimeSpan.FromMinutes(1);
}

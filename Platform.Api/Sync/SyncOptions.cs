using System.ComponentModel.DataAnnotations;

namespace Platform.Api.Sync;

/// <summary>How clients are kept in step. Section <c>Platform:Sync</c>.</summary>
public sealed class SyncOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Platform:Sync";

    /// <summary>Streams that one replica keeps open; more are answered 503 with <c>Retry-After</c>.</summary>
    /// <value>1,000 by default; 0 to 100,000.</value>
    [Range(0, 100_000)]
    public int MaxStreams { get; set; } = 1_000;

    /// <summary>Streams that one caller keeps open at one replica; more are answered 429 with <c>Retry-After</c>.</summary>
    /// <value>20 by default; 1 to 100,000.</value>
    [Range(1, 100_000)]
    public int MaxStreamsPerCaller { get; set; } = 20;

    /// <summary>A stream without changes says this often that it is alive, and how far the client is.</summary>
    /// <value>15 seconds by default; 100 ms to 10 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>After this long a stream is ended, and the client comes back: so that load spreads over new replicas.</summary>
    /// <value>30 minutes by default; 1 second to 24 hours.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromMinutes(30);
}

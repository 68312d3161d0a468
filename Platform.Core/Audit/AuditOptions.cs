using System.ComponentModel.DataAnnotations;

namespace Platform.Audit;

/// <summary>How the audit trail is kept.</summary>
public sealed class AuditOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Platform:Audit";

    /// <summary>
    /// The key of the chain: 32 bytes in base64. Without it, whoever can write to the database can recompute the chain, so it is kept
    /// elsewhere. The same in all hosts.
    /// </summary>
    /// <value>By default derived from <c>Platform:Identity:KeyEncryptionKey</c>, and in Development from that one's default.</value>
    public string? Key { get; set; }

    /// <summary>Keys that were <see cref="Key"/> before: entries under them go on being verified.</summary>
    /// <value>None by default; up to 20.</value>
    [MaxLength(20)]
    public IList<string> PreviousKeys { get; } = [];

    /// <summary>How often the head of the chain is written outside the table while there are new entries.</summary>
    /// <value>1 minute by default; 1 second to 1 day. Entries newer than the last anchor can be cut off unseen.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan AnchorEvery { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>A file that anchors are appended to, best on storage that only grows. They are in the log in any case.</summary>
    /// <value>None by default.</value>
    public string? AnchorFile { get; set; }
}

using System.ComponentModel.DataAnnotations;

namespace Platform.GraphQL.PersistedDocuments;

/// <summary>How persisted documents are kept. Section <c>Platform:GraphQL:PersistedDocuments</c>.</summary>
internal sealed class PersistedDocumentOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string SectionName = "Platform:GraphQL:PersistedDocuments";

    /// <summary>Which documents may run.</summary>
    /// <value><see cref="PersistedDocumentMode.Automatic"/> by default.</value>
    public PersistedDocumentMode Mode { get; set; } = PersistedDocumentMode.Automatic;

    /// <summary>The most documents that requests may leave in the database. Further ones run, and are not kept.</summary>
    /// <value>20,000 by default; those of manifests do not count.</value>
    [Range(0, 1_000_000)]
    public int MaxAutomatic { get; set; } = 20_000;

    /// <summary>The most documents that one caller may leave in a minute at one replica. Further ones run, and are not kept.</summary>
    /// <value>60 by default.</value>
    [Range(0, 10_000)]
    public int MaxRegistrationsPerMinute { get; set; } = 60;

    /// <summary>The most documents that are held parsed and validated.</summary>
    /// <value>2,000 by default.</value>
    [Range(1, 100_000)]
    public int MemoryDocuments { get; set; } = 2_000;

    /// <summary>How long a request's document is kept without being used.</summary>
    /// <value>30 days by default; 1 hour to 10 years.</value>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How late a replica may notice that a document lost its trust.</summary>
    /// <value>1 minute by default; 1 s to 1 hour. Only documents that still are trusted run after it.</value>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan TrustLifetime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How late a replica may notice a document that another one was given, after it was asked for it in vain.</summary>
    /// <value>1 s by default; up to 1 minute.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan MissLifetime { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The most operations outside all manifests that are kept for operators to look at.</summary>
    /// <value>1,000 by default.</value>
    [Range(0, 100_000)]
    public int MaxUnknown { get; set; } = 1_000;

    /// <summary>How often counts are written to the database.</summary>
    /// <value>10 s by default; 0.1 s to 1 hour.</value>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan FlushInterval { get; set; } = TimeSpan.FromSeconds(10);
}

/// <summary>Which documents may run.</summary>
internal enum PersistedDocumentMode
{
    /// <summary>Documents are not kept: every request brings its own.</summary>
    Off,

    /// <summary>Any document runs; one that comes with its identifier is kept under it.</summary>
    Automatic,

    /// <summary>As <see cref="Automatic"/>, and what no manifest holds is counted: to see what <see cref="TrustedOnly"/> would refuse.</summary>
    ReportOnly,

    /// <summary>Only documents of manifests run.</summary>
    TrustedOnly,
}

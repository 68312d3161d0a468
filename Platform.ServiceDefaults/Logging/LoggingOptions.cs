using System.ComponentModel.DataAnnotations;

namespace Platform.ServiceDefaults.Logging;

/// <summary>How the host writes its log to standard output. Section <c>Platform:Logging</c>.</summary>
/// <remarks>Levels are set as everywhere in .NET, under <c>Logging:LogLevel</c> and <c>Logging:Console:LogLevel</c>.</remarks>
public sealed class LoggingOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "Platform:Logging";

    /// <summary>The form of a line.</summary>
    /// <value>Default <see cref="LogFormat.Auto"/>.</value>
    public LogFormat Format { get; set; } = LogFormat.Auto;

    /// <summary>
    /// How many bytes of lines may wait for standard output, at most. When the reader of a pipe stops, lines past it are
    /// dropped and counted rather than that requests wait; the last eighth is kept for warnings and errors.
    /// </summary>
    /// <value>Default 4 MiB, 64 KiB to 256 MiB.</value>
    [Range(64 * 1024, 256 * 1024 * 1024)]
    public int QueueBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>The longest line, in bytes. What does not fit is cut, and the line says so with <c>"truncated":true</c>.</summary>
    /// <value>Default 32 KiB, 4 KiB to 256 KiB.</value>
    [Range(4 * 1024, 256 * 1024)]
    public int MaxLineBytes { get; set; } = 32 * 1024;

    /// <summary>
    /// How many lines of one warning or error (category, template and exception alike) are written and sent within <see cref="StormWindow"/>; what comes
    /// more is counted, and told of in one line.
    /// </summary>
    /// <value>Default 100; 0 writes all. 0 to 1,000,000.</value>
    [Range(0, 1_000_000)]
    public int StormThreshold { get; set; } = 100;

    /// <summary>The time for <see cref="StormThreshold"/>.</summary>
    /// <value>Default 10 s, 100 ms to 10 min.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan StormWindow { get; set; } = TimeSpan.FromSeconds(10);
}

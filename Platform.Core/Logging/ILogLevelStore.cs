using Microsoft.Extensions.Logging;

namespace Platform.Logging;

/// <summary>Where operators tell all replicas how much to log.</summary>
public interface ILogLevelStore
{
    /// <summary>What holds now, by category.</summary>
    Task<IReadOnlyList<LogLevelRule>> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Sets the level of a category, over what was set before.</summary>
    Task SetAsync(LogLevelRule rule, CancellationToken cancellationToken);

    /// <summary>Goes back to the configured level of a category.</summary>
    /// <returns>Whether anything was set.</returns>
    Task<bool> UnsetAsync(string category, CancellationToken cancellationToken);
}

/// <summary>From which level on a category is logged, for a while.</summary>
/// <param name="Category">A logger's name or the beginning of names; <see cref="LogLevels.Default"/> for all that have no level of their own.</param>
/// <param name="Level">The lowest level that is logged.</param>
/// <param name="Until">When the configured level holds again.</param>
/// <param name="Actor">Who set it.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When.</param>
public sealed record LogLevelRule(string Category, LogLevel Level, DateTimeOffset Until, string Actor, string Reason, DateTimeOffset At);

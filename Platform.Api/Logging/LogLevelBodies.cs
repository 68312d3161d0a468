using System.ComponentModel.DataAnnotations;
using Platform.Errors;
using Platform.Logging;

namespace Platform.Api.Logging;

/// <summary>How much of a category to log, and for how long.</summary>
/// <param name="Category">A logger's name, or the beginning of names; <c>Default</c> for all that have no level of their own. Required.</param>
/// <param name="Level"><c>Trace</c>, <c>Debug</c>, <c>Information</c>, <c>Warning</c>, <c>Error</c>, <c>Critical</c> or <c>None</c>. Required.</param>
/// <param name="Minutes">For how long. Required, 1 to 1,440.</param>
/// <param name="Reason">Why, for the record. Required, at most 1,000 characters.</param>
internal sealed record LogLevelRequest(
    [property: MaxLength(LogLevels.MaxCategoryLength)] string? Category,
    string? Level,
    int? Minutes,
    [property: MaxLength(LogLevelRequest.ReasonMaxLength)] string? Reason)
{
    public const int ReasonMaxLength = 1000;

    private const int MaxMinutes = 24 * 60;

    public LogLevelRule Check(string actor, DateTimeOffset now)
    {
        var errors = new FieldErrors();
        var reason = errors.Text("/reason", Reason, ReasonMaxLength);
        if (!LogLevels.IsCategory(Category))
        {
            errors.Add("/category", "invalid", "A category is the name of a logger, or Default.");
        }

        if (Level is null || !Enum.TryParse<LogLevel>(Level, ignoreCase: true, out var level) || !Enum.IsDefined(level) || char.IsAsciiDigit(Level[0]))
        {
            errors.Add("/level", "invalid", $"A level is one of {string.Join(", ", Enum.GetNames<LogLevel>())}.");
            level = LogLevel.None;
        }

        if (Minutes is not (>= 1 and <= MaxMinutes))
        {
            errors.Add("/minutes", "out_of_range", $"Minutes are between 1 and {MaxMinutes}.");
        }

        errors.ThrowIfAny();
        return new(Category!, level, now.AddMinutes(Minutes!.Value), actor, reason!, now);
    }
}

/// <summary>Levels that operators set.</summary>
/// <param name="Items">By category.</param>
internal sealed record LogLevelListResponse(IReadOnlyList<LogLevelResponse> Items);

/// <summary>A level that an operator set.</summary>
/// <param name="Category">A logger's name, or the beginning of names.</param>
/// <param name="Level">The lowest level that is logged.</param>
/// <param name="Until">When the configured level holds again.</param>
/// <param name="Actor">Who set it.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When.</param>
internal sealed record LogLevelResponse(string Category, string Level, DateTimeOffset Until, string Actor, string Reason, DateTimeOffset At)
{
    public static LogLevelResponse From(LogLevelRule rule) => new(rule.Category, rule.Level.ToString(), rule.Until, rule.Actor, rule.Reason, rule.At);
}

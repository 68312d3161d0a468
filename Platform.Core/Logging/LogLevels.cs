using System.Buffers;

namespace Platform.Logging;

/// <summary>The levels that operators set, as this process knows them. Thread safe.</summary>
public sealed class LogLevels(TimeProvider time)
{
    /// <summary>The category of all that have no level of their own, as in the configuration.</summary>
    public const string Default = "Default";

    /// <summary>The longest category, in characters.</summary>
    public const int MaxCategoryLength = 200;

    /// <summary>The longest time for which a level may be set.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private static readonly SearchValues<char> CategoryCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-+`");

    private volatile LogLevelRule[] _rules = [];

    /// <summary>Told when <see cref="Current"/> is another than before.</summary>
    public event Action? Changed;

    /// <summary>What holds, by category.</summary>
    public IReadOnlyList<LogLevelRule> Current => _rules;

    /// <summary>Whether a text can be a category: 1 to 200 letters, digits, and what else stands in names of types.</summary>
    public static bool IsCategory(string? category) => category is { Length: > 0 and <= MaxCategoryLength }
        && category.AsSpan().IndexOfAnyExcept(CategoryCharacters) < 0;

    /// <summary>Takes what was read, and lets go of what is over.</summary>
    public void Take(IEnumerable<LogLevelRule> rules)
    {
        var now = time.GetUtcNow();
        LogLevelRule[] taken = [.. rules.Where(rule => rule.Until > now).OrderBy(rule => rule.Category, StringComparer.Ordinal)];
        if (!taken.AsSpan().SequenceEqual(_rules))
        {
            _rules = taken;
            Changed?.Invoke();
        }
    }

    /// <summary>Lets go of what is over.</summary>
    public void Expire() => Take(_rules);
}

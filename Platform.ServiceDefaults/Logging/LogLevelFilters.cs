using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Platform.Logging;

namespace Platform.ServiceDefaults.Logging;

/// <summary>Puts the levels that operators set before those of the configuration. Loggers that exist follow at once.</summary>
internal sealed class LogLevelFilters : IPostConfigureOptions<LoggerFilterOptions>, IOptionsChangeTokenSource<LoggerFilterOptions>
{
    private readonly LogLevels _levels;
    private ConfigurationReloadToken _token = new();

    public LogLevelFilters(LogLevels levels)
    {
        _levels = levels;
        levels.Changed += () => Interlocked.Exchange(ref _token, new()).OnReload();
    }

    public string Name => Options.DefaultName;

    public IChangeToken GetChangeToken() => Volatile.Read(ref _token);

    public void PostConfigure(string? name, LoggerFilterOptions options)
    {
        if (_levels.Current is not { Count: > 0 } set)
        {
            return;
        }

        // A rule for one provider goes before one for all, whatever their categories are: there has to be one for each that has any.
        string?[] providers = [null, .. options.Rules.Select(rule => rule.ProviderName).OfType<string>().Distinct(StringComparer.Ordinal)];
        foreach (var rule in options.Rules.Where(rule => set.Any(level => Covers(level.Category, rule.CategoryName))).ToArray())
        {
            options.Rules.Remove(rule);
        }

        foreach (var level in set)
        {
            foreach (var provider in providers)
            {
                options.Rules.Add(new LoggerFilterRule(provider, level.Category == LogLevels.Default ? null : level.Category, level.Level, filter: null));
            }
        }
    }

    private static bool Covers(string category, string? configured) => category == LogLevels.Default
        ? configured is null
        : configured?.StartsWith(category, StringComparison.OrdinalIgnoreCase) is true;
}

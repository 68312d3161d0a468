using System.Text.Json;
using System.Text.RegularExpressions;

namespace Platform.Testing;

/// <summary>What the alert rules and dashboards in <c>deploy</c> ask for, and what hosts show at <c>/metrics</c>.</summary>
public static partial class NamedMetrics
{
    // What whoever scrapes adds, and the bounds of histograms.
    private static readonly string[] OfTheScraper = ["instance", "job", "le"];

    /// <summary>Reads every expression, with the metrics that it names and the labels that it groups, filters and joins by.</summary>
    /// <param name="root">The repository.</param>
    public static IReadOnlyList<NamedExpression> In(string root)
    {
        var expressions = File.ReadLines(Path.Combine(root, "deploy/prometheus/platform.rules.yml"))
            .Select(line => line.Trim()).Where(line => line.StartsWith("expr:", StringComparison.Ordinal)).Select(line => line["expr:".Length..].Trim()).ToList();
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Path.Combine(root, "deploy/grafana/platform.json")));
        expressions.AddRange(dashboard.RootElement.GetProperty("panels").EnumerateArray()
            .SelectMany(panel => panel.TryGetProperty("targets", out var targets) ? targets.EnumerateArray() : [])
            .Select(target => target.GetProperty("expr").GetString()!));
        return [.. expressions.Select(Read)];
    }

    /// <summary>What a host shows: the labels of each metric, over all of its series.</summary>
    public static IReadOnlyDictionary<string, IReadOnlySet<string>> Of(params IEnumerable<string> texts)
    {
        var shown = new Dictionary<string, IReadOnlySet<string>>(StringComparer.Ordinal);
        foreach (var line in texts.SelectMany(text => text.Split('\n')).Where(line => line.Length > 0 && line[0] != '#'))
        {
            var name = line[..line.AsSpan().IndexOfAny('{', ' ')];
            if (!shown.TryGetValue(name, out var labels))
            {
                shown.Add(name, labels = new HashSet<string>(StringComparer.Ordinal));
            }

            ((HashSet<string>)labels).UnionWith(SeriesLabel().Matches(line).Select(match => match.Groups[1].Value));
        }

        return shown;
    }

    private static NamedExpression Read(string expression)
    {
        var labels = Grouping().Matches(expression).SelectMany(match => match.Groups[1].Value.Split(','))
            .Concat(Filter().Matches(expression).SelectMany(match => SeriesLabel().Matches(match.Value)).Select(match => match.Groups[1].Value))
            .Select(label => label.Trim()).Where(label => label.Length > 0).Except(OfTheScraper, StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal);
        var bare = Recorded().Replace(Filter().Replace(Grouping().Replace(expression, " "), " "), " ");
        return new(expression, Name().Matches(bare).Select(match => match.Value).ToHashSet(StringComparer.Ordinal), labels);
    }

    [GeneratedRegex(@"\b(?:by|on|without|ignoring|group_left|group_right) *\(([^)]*)\)")]
    private static partial Regex Grouping();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Filter();

    // Of a rule before, not of a host.
    [GeneratedRegex(@"\bplatform:[a-z_0-9:]+")]
    private static partial Regex Recorded();

    // Functions have a parenthesis behind them.
    [GeneratedRegex(@"\b[a-z]+_[a-z0-9_]+\b(?! *\()")]
    private static partial Regex Name();

    [GeneratedRegex(@"[{,]\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*[=!]")]
    private static partial Regex SeriesLabel();
}

/// <summary>One expression of PromQL.</summary>
public sealed record NamedExpression(string Text, IReadOnlySet<string> Metrics, IReadOnlySet<string> Labels);

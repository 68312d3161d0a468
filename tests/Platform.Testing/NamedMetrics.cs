using System.Text.Json;
using System.Text.RegularExpressions;

namespace Platform.Testing;

/// <summary>The metrics that the alert rules and dashboards in <c>deploy</c> ask for.</summary>
public static partial class NamedMetrics
{
    /// <summary>Reads them.</summary>
    /// <param name="root">The repository.</param>
    public static IReadOnlySet<string> In(string root)
    {
        var expressions = File.ReadLines(Path.Combine(root, "deploy/prometheus/platform.rules.yml")).Where(line => line.Contains("expr:", StringComparison.Ordinal)).ToList();
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Path.Combine(root, "deploy/grafana/platform.json")));
        expressions.AddRange(dashboard.RootElement.GetProperty("panels").EnumerateArray()
            .SelectMany(panel => panel.GetProperty("targets").EnumerateArray()).Select(target => target.GetProperty("expr").GetString()!));
        return expressions.SelectMany(expression => MetricName().Matches(Labels().Replace(expression, " "))).Select(match => match.Value).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>The names of what a host shows at <c>/metrics</c>.</summary>
    public static IEnumerable<string> Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split('{', ' ')[0]);
    }

    [GeneratedRegex(@"\b(?:http|platform|dotnet|kestrel|db)_[a-z0-9_]+")]
    private static partial Regex MetricName();

    [GeneratedRegex(@"(?:by|on) *\([^)]*\)|\{[^}]*\}|\bplatform:[a-z_0-9:]+")]
    private static partial Regex Labels();
}

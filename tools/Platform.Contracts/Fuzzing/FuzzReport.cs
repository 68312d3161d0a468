using System.Globalization;
using System.Text;

namespace Platform.Contracts.Fuzzing;

/// <summary>What came of it.</summary>
/// <param name="Requests">How many were sent.</param>
/// <param name="Statuses">How often each status came.</param>
/// <param name="NeverSucceeded">Operations that no request got through to.</param>
/// <param name="Findings">What must not be, one of a kind, with a request that shows it.</param>
internal sealed record FuzzReport(
    long Requests, IReadOnlyDictionary<int, int> Statuses, IReadOnlyList<string> NeverSucceeded, IReadOnlyDictionary<string, string> Findings)
{
    public string ToText()
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{Requests} requests;");
        foreach (var (status, count) in Statuses)
        {
            text.Append(CultureInfo.InvariantCulture, $" {status}: {count},");
        }

        text.Append(CultureInfo.InvariantCulture, $" {Findings.Count} findings");
        if (NeverSucceeded.Count > 0)
        {
            text.Append("\nnever succeeded: ").AppendJoin(", ", NeverSucceeded);
        }

        foreach (var (kind, finding) in Findings)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n\n== {kind}\n{finding}");
        }

        return text.ToString();
    }
}

using System.Text.Json;

namespace Platform.Api.FeatureFlags;

/// <summary>One difference.</summary>
/// <param name="Pointer">Where, as a JSON pointer (RFC 6901).</param>
/// <param name="Before">The value before; absent where there was none.</param>
/// <param name="After">The value after; absent where there is none.</param>
internal sealed record FlagDifference(string Pointer, JsonElement? Before, JsonElement? After);

/// <summary>Finds what differs between two states of an item.</summary>
internal static class FlagDiff
{
    private const int Most = 1_000;

    /// <summary>The differences by pointer, at most 1,000: objects property by property, lists index by index.</summary>
    public static IReadOnlyList<FlagDifference> Between(JsonElement? before, JsonElement? after)
    {
        List<FlagDifference> differences = [];
        Compare("", before, after, differences);
        return differences;
    }

    private static void Compare(string pointer, JsonElement? before, JsonElement? after, List<FlagDifference> differences)
    {
        if (differences.Count >= Most)
        {
            return;
        }

        switch (before, after)
        {
            case ({ ValueKind: JsonValueKind.Object } left, { ValueKind: JsonValueKind.Object } right):
                foreach (var name in left.EnumerateObject().Concat(right.EnumerateObject()).Select(property => property.Name).Distinct(StringComparer.Ordinal))
                {
                    Compare($"{pointer}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}", Property(left, name), Property(right, name), differences);
                }

                break;
            case ({ ValueKind: JsonValueKind.Array } left, { ValueKind: JsonValueKind.Array } right):
                for (var i = 0; i < Math.Max(left.GetArrayLength(), right.GetArrayLength()) && differences.Count < Most; i++)
                {
                    Compare($"{pointer}/{i}", i < left.GetArrayLength() ? left[i] : null, i < right.GetArrayLength() ? right[i] : null, differences);
                }

                break;
            case (null, null):
                break;
            case ({ } left, { } right) when JsonElement.DeepEquals(left, right):
                break;
            default:
                differences.Add(new FlagDifference(pointer, before, after));
                break;
        }
    }

    private static JsonElement? Property(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value : null;
}

using System.Text.Json;
using Platform.Errors;

namespace Platform.FeatureFlags;

/// <summary>Unleash's delta API: events that change a document, in the order of their ids.</summary>
public static class UnleashDelta
{
    /// <summary>Applies <c>{"events": []}</c>: <c>hydration</c>, <c>feature-updated</c>, <c>feature-removed</c>, <c>segment-updated</c>, <c>segment-removed</c>.</summary>
    /// <param name="document">What there is. Flags and segments of other origins stay as they are.</param>
    /// <param name="delta">The events.</param>
    /// <param name="errors">Takes what cannot be read.</param>
    /// <returns>The document after the events; null where there is no list of events.</returns>
    public static FlagDocument? Apply(FlagDocument document, JsonElement delta, FieldErrors errors)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(errors);
        if (delta.ValueKind != JsonValueKind.Object || !delta.TryGetProperty("events", out var events) || events.ValueKind != JsonValueKind.Array)
        {
            errors.Add("/events", "required", "A list of events is expected.");
            return null;
        }

        var flags = new OrderedDictionary<string, FlagDefinition>(StringComparer.Ordinal);
        var segments = new OrderedDictionary<string, SegmentDefinition>(StringComparer.Ordinal);
        Add(flags, document.Flags.Where(flag => flag.Origin == FlagOrigin.Unleash), flag => flag.Name);
        Add(segments, document.Segments.Where(segment => segment.Origin == FlagOrigin.Unleash), segment => segment.Name);

        // OrderBy is stable, so events without ids keep their place.
        foreach (var (index, change) in events.EnumerateArray().Index().OrderBy(item => Id(item.Item)))
        {
            if (!Apply(change, flags, segments))
            {
                errors.Add($"/events/{index}", "invalid", "The event cannot be read.");
            }
        }

        return document with
        {
            Flags = [.. document.Flags.Where(flag => flag.Origin != FlagOrigin.Unleash), .. flags.Values],
            Segments = [.. document.Segments.Where(segment => segment.Origin != FlagOrigin.Unleash), .. segments.Values],
        };
    }

    private static bool Apply(
        JsonElement change, OrderedDictionary<string, FlagDefinition> flags, OrderedDictionary<string, SegmentDefinition> segments)
    {
        switch (Text(change, "type"))
        {
            case "hydration":
                flags.Clear();
                segments.Clear();
                Add(flags, Items(change, "features").Select(UnleashFormat.Feature), flag => flag.Name);
                Add(segments, Items(change, "segments").Select(UnleashFormat.Segment), segment => segment.Name);
                return true;
            case "feature-updated" when change.TryGetProperty("feature", out var feature) && feature.ValueKind == JsonValueKind.Object:
                var updated = UnleashFormat.Feature(feature);
                flags[updated.Name] = updated;
                return true;
            case "feature-removed" when Text(change, "featureName") is { } removed:
                flags.Remove(removed);
                return true;
            case "segment-updated" when change.TryGetProperty("segment", out var json) && json.ValueKind == JsonValueKind.Object:
                var segment = UnleashFormat.Segment(json);
                segments[segment.Name] = segment;
                return true;
            case "segment-removed" when change.TryGetProperty("segmentId", out var id):
                segments.Remove(id.ToString());
                return true;
            default:
                return false;
        }
    }

    private static void Add<T>(OrderedDictionary<string, T> target, IEnumerable<T> items, Func<T, string> name)
    {
        foreach (var item in items)
        {
            target[name(item)] = item;
        }
    }

    private static JsonElement[] Items(JsonElement json, string name) =>
        json.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray()] : [];

    private static string? Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static long Id(JsonElement change) =>
        change.ValueKind == JsonValueKind.Object && change.TryGetProperty("eventId", out var id) && id.ValueKind == JsonValueKind.Number
            && id.TryGetInt64(out var number)
            ? number
            : 0;
}

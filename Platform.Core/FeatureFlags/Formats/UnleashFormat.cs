using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Errors;

namespace Platform.FeatureFlags;

/// <summary>Files with features of Unleash's client API.</summary>
internal static class UnleashFormat
{
    private const string Features = "features";
    private const string Segments = "segments";
    private const string Envelope = "unleash";

    public static FlagDocument? Import(JsonElement root, FieldErrors errors)
    {
        if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("events", out _))
        {
            return UnleashDelta.Apply(FlagDocument.Empty, root, errors);
        }

        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty(Features, out var features) || features.ValueKind != JsonValueKind.Array)
        {
            errors.Add($"/{Features}", "required", "A list of features is expected.");
            return null;
        }

        var envelope = JsonObject.Create(root)!;
        envelope[Features] = new JsonArray();
        if (root.TryGetProperty(Segments, out var segments) && segments.ValueKind == JsonValueKind.Array)
        {
            envelope[Segments] = new JsonArray();
        }

        return new FlagDocument
        {
            Flags = [.. features.EnumerateArray().Select(Feature)],
            Segments = segments.ValueKind == JsonValueKind.Array ? [.. segments.EnumerateArray().Select(Segment)] : [],
            Envelopes = Foreign.Envelope(Envelope, envelope),
        };
    }

    public static JsonObject Export(FlagDocument document)
    {
        var root = Foreign.Envelope(document, Envelope) ?? new JsonObject { ["version"] = 2 };
        root[Features] = new JsonArray([.. document.Flags.Where(flag => flag.Origin == FlagOrigin.Unleash).Select(Written)]);
        var segments = document.Segments.Where(segment => segment is { Origin: FlagOrigin.Unleash, Definition: not null }).ToArray();
        if (segments.Length > 0 || root.ContainsKey(Segments))
        {
            root[Segments] = new JsonArray([.. segments.Select(segment => JsonObject.Create(segment.Definition!.Value))]);
        }

        return root;
    }

    public static FlagDefinition Feature(JsonElement json) => Foreign.Flag(FlagOrigin.Unleash, json, "name");

    public static SegmentDefinition Segment(JsonElement json) =>
        new() { Name = UnleashReader.SegmentName(json), Origin = FlagOrigin.Unleash, Definition = json };

    private static JsonObject Written(FlagDefinition flag)
    {
        var json = Foreign.Definition(flag);
        if (flag.Killed)
        {
            json["enabled"] = false;
        }

        return json;
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Errors;

namespace Platform.FeatureFlags;

/// <summary>Files with flags of Microsoft's schema v2.</summary>
internal static class MicrosoftFormat
{
    private const string Management = "feature_management";
    private const string Flags = "feature_flags";
    private const string Envelope = "microsoft";

    public static FlagDocument? Import(JsonElement root, FieldErrors errors)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty(Management, out var management)
            || management.ValueKind != JsonValueKind.Object || !management.TryGetProperty(Flags, out var list) || list.ValueKind != JsonValueKind.Array)
        {
            errors.Add($"/{Management}/{Flags}", "required", "A list of flags is expected.");
            return null;
        }

        // What stands beside the list comes back on export.
        var envelope = JsonObject.Create(root)!;
        envelope[Management]!.AsObject()[Flags] = new JsonArray();
        return new FlagDocument
        {
            Flags = [.. list.EnumerateArray().Select(flag => Foreign.Flag(FlagOrigin.Microsoft, flag, "id"))],
            Envelopes = Foreign.Envelope(Envelope, envelope),
        };
    }

    public static JsonObject Export(FlagDocument document)
    {
        var root = Foreign.Envelope(document, Envelope) ?? new JsonObject { [Management] = new JsonObject { [Flags] = new JsonArray() } };
        root[Management]!.AsObject()[Flags] = new JsonArray([.. document.Flags.Where(flag => flag.Origin == FlagOrigin.Microsoft).Select(Flag)]);
        return root;
    }

    private static JsonObject Flag(FlagDefinition flag)
    {
        var json = Foreign.Definition(flag);

        // There is no kill switch elsewhere; a flag that was killed leaves as a disabled one.
        if (flag.Killed)
        {
            json["enabled"] = false;
        }

        return json;
    }
}

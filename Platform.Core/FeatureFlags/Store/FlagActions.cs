using System.Text.Json;
using System.Text.Json.Nodes;

namespace Platform.FeatureFlags;

/// <summary>Finds the word for a change.</summary>
internal static class FlagActions
{
    // Platform's and waffle's, Microsoft's, Unleash's; when something was changed says nothing about what.
    private static readonly HashSet<string> Rollout = new(StringComparer.OrdinalIgnoreCase)
    {
        "percent", "weight", "everyone", "defaultRolloutPercentage", "rolloutPercentage", "from", "to", "rollout", "percentage", "modified",
    };

    /// <summary>The word for a change of an item; null stands for no item.</summary>
    public static FlagAction Of(object? before, object? after)
    {
        if (before is null)
        {
            return FlagAction.Created;
        }

        if (after is null)
        {
            return FlagAction.Deleted;
        }

        return (IsOff(before), IsOff(after)) switch
        {
            (true, false) => FlagAction.Enabled,
            (false, true) => FlagAction.Disabled,
            _ => JsonNode.DeepEquals(WithoutRollout(before), WithoutRollout(after)) ? FlagAction.RolloutChanged : FlagAction.Updated,
        };
    }

    private static bool IsOff(object item) => item switch
    {
        FlagDefinition { Killed: true } => true,
        FlagDefinition { Origin: FlagOrigin.Own or FlagOrigin.Waffle, Everyone: false } => true,
        FlagDefinition { Origin: FlagOrigin.Microsoft or FlagOrigin.Unleash, Definition: { ValueKind: JsonValueKind.Object } json } =>
            !json.TryGetProperty("enabled", out var enabled) || enabled.ValueKind != JsonValueKind.True,
        SwitchDefinition { Active: false } => true,
        _ => false,
    };

    private static JsonNode? WithoutRollout(object item)
    {
        var node = JsonSerializer.SerializeToNode(item, item.GetType(), FlagJson.Options);
        Strip(node);
        return node;
    }

    private static void Strip(JsonNode? node)
    {
        if (node is JsonObject properties)
        {
            foreach (var name in properties.Select(property => property.Key).Where(Rollout.Contains).ToArray())
            {
                properties.Remove(name);
            }

            foreach (var (_, value) in properties)
            {
                Strip(value);
            }
        }
        else if (node is JsonArray items)
        {
            foreach (var item in items)
            {
                Strip(item);
            }
        }
    }
}

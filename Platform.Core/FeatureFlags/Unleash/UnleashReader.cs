using System.Text.Json;
using Platform.Errors;

namespace Platform.FeatureFlags;

/// <summary>Reads features and segments as Unleash's client API writes them (Unleash/client-specification, <c>schema/</c>).</summary>
internal static class UnleashReader
{
    public static UnleashFeature Feature(JsonElement json, string pointer, FieldErrors errors)
    {
        var feature = new ConfigurationJson(json, pointer, errors);
        var name = feature["name"].Text ?? "";
        if (name.Length == 0)
        {
            errors.Add(feature["name"].Pointer, "required", "A value is required.");
        }

        return new UnleashFeature(
            name,
            feature["enabled"].Bool(fallback: false),
            [.. feature["strategies"].Items().Select(Strategy)],
            [.. feature["variants"].Items().Select(Variant)],
            [.. feature["dependencies"].Items().Select(Dependency)]);
    }

    public static string SegmentName(JsonElement json) => new ConfigurationJson(json, "", new FieldErrors())["id"].Text ?? "";

    public static IReadOnlyList<ConstraintDefinition> SegmentConstraints(JsonElement json, string pointer, FieldErrors errors) =>
        [.. new ConfigurationJson(json, pointer, errors)["constraints"].Items().Select(Constraint)];

    private static UnleashStrategy Strategy(ConfigurationJson strategy)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        if (strategy["parameters"] is { IsObject: true } given)
        {
            foreach (var parameter in given.Element.EnumerateObject())
            {
                if (new ConfigurationJson(parameter.Value, "", strategy.Errors).Text is { } text)
                {
                    parameters[parameter.Name] = text;
                }
            }
        }

        return new UnleashStrategy(
            strategy["name"].Text ?? "",
            parameters,
            [.. strategy["constraints"].Items().Select(Constraint)],
            strategy["segments"].Texts(),
            [.. strategy["variants"].Items().Select(Variant)]);
    }

    private static ConstraintDefinition Constraint(ConfigurationJson constraint) => new()
    {
        Field = constraint["contextName"].Text ?? "",
        Operator = constraint["operator"].Text ?? "",
        Values = constraint["values"].Texts(),
        Value = constraint["value"].Text,
        Inverted = constraint["inverted"].Bool(fallback: false),
        CaseInsensitive = constraint["caseInsensitive"].Bool(fallback: false),
    };

    private static UnleashVariant Variant(ConfigurationJson variant)
    {
        var weight = variant["weight"].Whole(0);
        if (weight is < 0 or > 100_000)
        {
            variant.Errors.Add(variant["weight"].Pointer, "out_of_range", "The weight must be between 0 and 100000.");
        }

        var payload = variant["payload"];
        return new UnleashVariant(
            variant["name"].Text ?? "",
            weight,
            payload["type"].Text,
            payload["value"].Element is { ValueKind: not JsonValueKind.Undefined } value ? value : null,
            variant["stickiness"].Text,
            [.. variant["overrides"].Items().Select(entry => new UnleashOverride(entry["contextName"].Text ?? "", entry["values"].Texts()))]);
    }

    private static PrerequisiteDefinition Dependency(ConfigurationJson dependency) => new()
    {
        Flag = dependency["feature"].Text ?? "",
        Enabled = dependency["enabled"].Bool(fallback: true),
        Variants = dependency["variants"].Texts(),
    };
}

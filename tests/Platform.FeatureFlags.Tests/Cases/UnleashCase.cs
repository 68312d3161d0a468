using System.Text.Json;

namespace Platform.FeatureFlags.Cases;

/// <summary>One case of Unleash's client specification.</summary>
internal sealed class UnleashCase
{
    private readonly FlagSnapshot _snapshot;
    private readonly JsonElement _case;
    private readonly bool _variant;

    private UnleashCase(string file, FlagSnapshot snapshot, JsonElement @case, bool variant)
    {
        Name = $"{file}: {@case.GetProperty("description").GetString()}";
        _snapshot = snapshot;
        _case = @case;
        _variant = variant;
    }

    public string Name { get; }

    public static IEnumerable<UnleashCase> All()
    {
        foreach (var file in CaseFiles.In("unleash", "*.json").Where(file => Path.GetFileName(file) != "index.json"))
        {
            using var specification = JsonDocument.Parse(File.ReadAllBytes(file));
            var root = specification.RootElement.Clone();
            var import = FlagFormats.Import(FlagFormat.Unleash, JsonSerializer.SerializeToUtf8Bytes(root.GetProperty("state")));
            var snapshot = FlagSnapshot.Compile(import.Document);
            foreach (var (property, variant) in new[] { ("tests", false), ("variantTests", true) })
            {
                if (root.TryGetProperty(property, out var cases))
                {
                    foreach (var @case in cases.EnumerateArray())
                    {
                        yield return new UnleashCase(Path.GetFileName(file), snapshot, @case, variant);
                    }
                }
            }
        }
    }

    /// <returns>Null where the answer is as expected, else what it was.</returns>
    public string? Failure()
    {
        var decision = _snapshot.Evaluate(_case.GetProperty("toggleName").GetString()!, Context(_case.GetProperty("context")));
        var expected = _case.GetProperty("expectedResult");
        var answer = _variant ? Variant(decision) : JsonSerializer.SerializeToElement(decision.Enabled);
        return JsonElement.DeepEquals(Expected(expected), answer) ? null : answer.GetRawText();
    }

    // Earlier editions of the specification wrote this property in another case.
    private static JsonElement Expected(JsonElement expected) => expected.ValueKind == JsonValueKind.Object
        ? JsonSerializer.SerializeToElement(expected.EnumerateObject().ToDictionary(
            property => property.Name == "featureEnabled" ? "feature_enabled" : property.Name, property => property.Value))
        : expected;

    private static JsonElement Variant(FlagDecision decision)
    {
        var answer = new Dictionary<string, object>
        {
            ["name"] = decision.Enabled && decision.Variant is { } variant ? variant.Name : "disabled",
            ["enabled"] = decision.Enabled && decision.Variant is not null,
            ["feature_enabled"] = decision.Enabled,
        };
        if (decision is { Enabled: true, Variant: { Value: { } value } given })
        {
            answer["payload"] = new { type = given.PayloadType, value };
        }

        return JsonSerializer.SerializeToElement(answer);
    }

    private static FlagContext Context(JsonElement json)
    {
        string? Text(string name) => json.TryGetProperty(name, out var value) ? value.ToString() : null;
        string[] known = ["userId", "sessionId", "remoteAddress", "environment", "appName", "currentTime", "properties"];
        var properties = json.EnumerateObject().Where(property => !known.Contains(property.Name));
        if (json.TryGetProperty("properties", out var given))
        {
            properties = given.EnumerateObject().Concat(properties);
        }

        return new FlagContext
        {
            UserId = Text("userId"),
            VisitorId = Text("sessionId"),
            RemoteAddress = Text("remoteAddress"),
            Environment = Text("environment"),
            AppName = Text("appName"),
            CurrentTime = Text("currentTime") is { } time ? DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture) : null,
            Properties = properties.DistinctBy(property => property.Name).ToDictionary(property => property.Name, property => property.Value.ToString()),
        };
    }
}

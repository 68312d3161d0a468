using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Platform.FeatureFlags;

/// <summary>A field as the model has it now: how it is written, and whether what stands in the file already says so.</summary>
internal sealed record WaffleField(string Name, Func<JsonNode?> Value, Func<JsonNode?, bool> Says, bool IsDefault);

/// <summary>The fields of waffle's three models.</summary>
internal static class WaffleFields
{
    private static readonly string[] DateFormats = ["yyyy-MM-dd'T'HH:mm:ss.fff'Z'", "yyyy-MM-dd'T'HH:mm:ss'Z'"];

    public static WaffleField[] Of(FlagDefinition flag) =>
    [
        Text("name", flag.Name),
        new("everyone", () => flag.Killed ? false : flag.Everyone, old => Bool(old) == (flag.Killed ? false : flag.Everyone), IsDefault: false),
        new("percent", () => Decimal(flag.Percent), old => Number(old) == flag.Percent, IsDefault: false),
        Bool("testing", flag.Testing),
        Bool("superusers", flag.Superusers),
        Bool("staff", flag.Staff),
        Bool("authenticated", flag.Authenticated),
        new(
            "languages",
            () => string.Join(',', flag.Languages),
            old => Languages((string?)old ?? "").SequenceEqual(flag.Languages),
            IsDefault: false),
        Bool("rollout", flag.Rollout),
        Text("note", flag.Note),
        Date("created", flag.Created),
        Date("modified", flag.Modified),
        Keys("groups", flag.Groups),
        Keys("users", flag.Users),
    ];

    public static WaffleField[] Of(SwitchDefinition item) =>
        [Text("name", item.Name), Bool("active", item.Active), Text("note", item.Note), Date("created", item.Created), Date("modified", item.Modified)];

    public static WaffleField[] Of(SampleDefinition item) =>
    [
        Text("name", item.Name),
        new("percent", () => Decimal(item.Percent), old => Number(old) == item.Percent, IsDefault: false),
        Text("note", item.Note),
        Date("created", item.Created),
        Date("modified", item.Modified),
    ];

    /// <summary>Waffle splits by comma and trims.</summary>
    public static string[] Languages(string text) => text.Length == 0 ? [] : text.Split(',', StringSplitOptions.TrimEntries);

    /// <summary>A primary key as text, or a natural key, which Django writes as a list: <c>["ann"]</c>.</summary>
    public static string Key(JsonElement key) => key.ValueKind switch
    {
        JsonValueKind.String => key.GetString()!,
        JsonValueKind.Array => string.Join(',', key.EnumerateArray().Select(Key)),
        _ => key.GetRawText(),
    };

    private static WaffleField Text(string name, string value) => new(name, () => value, old => (string?)old == value, value.Length == 0);

    private static WaffleField Bool(string name, bool value) => new(name, () => value, old => Bool(old) == value, IsDefault: false);

    private static WaffleField Date(string name, DateTimeOffset? value) => new(
        name,
        () => value?.UtcDateTime.ToString(value.Value.Millisecond == 0 ? DateFormats[1] : DateFormats[0], CultureInfo.InvariantCulture),
        old => (DateConstraint.TryParse((string?)old, out var date) ? date : null) == value,
        value is null);

    private static WaffleField Keys(string name, IReadOnlyList<string> keys) => new(
        name,
        () => new JsonArray([.. keys.Select(WriteKey)]),
        old => old is JsonArray list && list.Select(key => key is null ? "" : Key(JsonSerializer.SerializeToElement(key))).SequenceEqual(keys),
        keys.Count == 0);

    // Numbers are primary keys; names are natural ones.
    private static JsonNode WriteKey(string key) =>
        long.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? JsonValue.Create(number) : new JsonArray(key);

    private static JsonNode? Decimal(decimal? value) => value?.ToString(CultureInfo.InvariantCulture);

    private static bool? Bool(JsonNode? value) => value is null ? null : (bool)value;

    private static decimal? Number(JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.String when decimal.TryParse((string)value!, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        JsonValueKind.Number => (decimal)value,
        _ => null,
    };
}

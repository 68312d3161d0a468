using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Errors;

namespace Platform.FeatureFlags;

/// <summary>One row of a dump: <c>{"model", "pk", "fields"}</c>.</summary>
internal sealed class WaffleRow
{
    private readonly JsonElement _row;
    private readonly JsonElement _fields;
    private readonly string _pointer;
    private readonly FieldErrors _errors;

    private WaffleRow(JsonElement row, JsonElement fields, string pointer, FieldErrors errors)
    {
        _row = row;
        _fields = fields;
        _pointer = $"{pointer}/fields";
        _errors = errors;
        Model = row.GetProperty("model").GetString()!.ToLowerInvariant();
        Name = Text("name");
        if (Name.Length == 0)
        {
            errors.Add($"{_pointer}/name", "required", "A value is required.");
        }
    }

    public string Model { get; }

    public string Name { get; }

    public static WaffleRow? Read(JsonElement row, string pointer, FieldErrors errors)
    {
        if (row.ValueKind == JsonValueKind.Object && row.TryGetProperty("model", out var model) && model.ValueKind == JsonValueKind.String
            && row.TryGetProperty("fields", out var fields) && fields.ValueKind == JsonValueKind.Object)
        {
            return new WaffleRow(row, fields, pointer, errors);
        }

        errors.Add(pointer, "invalid", "A row with a model and fields is expected.");
        return null;
    }

    /// <summary>Writes a row: the one it came from, with the fields that have changed since.</summary>
    public static JsonObject Write(string model, JsonElement? source, IReadOnlyList<WaffleField> fields)
    {
        var row = source is { ValueKind: JsonValueKind.Object } json ? JsonObject.Create(json)! : new JsonObject { ["model"] = model };
        var target = row["fields"] as JsonObject;
        if (target is null)
        {
            row["fields"] = target = [];
        }

        foreach (var field in fields)
        {
            if (!target.TryGetPropertyValue(field.Name, out var old) ? !field.IsDefault : !field.Says(old))
            {
                target[field.Name] = field.Value();
            }
        }

        return row;
    }

    public FlagDefinition Flag() => new()
    {
        Name = Name,
        Origin = FlagOrigin.Waffle,
        Everyone = Bool("everyone"),
        Percent = Number("percent"),
        Testing = Bool("testing") ?? false,
        Superusers = Bool("superusers") ?? true,
        Staff = Bool("staff") ?? false,
        Authenticated = Bool("authenticated") ?? false,
        Languages = WaffleFields.Languages(Text("languages")),
        Rollout = Bool("rollout") ?? false,
        Note = Text("note"),
        Created = Date("created"),
        Modified = Date("modified"),
        Users = Keys("users"),
        Groups = Keys("groups"),
        Definition = _row,
    };

    public SwitchDefinition Switch() => new()
    {
        Name = Name,
        Active = Bool("active") ?? false,
        Note = Text("note"),
        Created = Date("created"),
        Modified = Date("modified"),
        Definition = _row,
    };

    public SampleDefinition Sample() => new()
    {
        Name = Name,
        Percent = Number("percent") ?? 0,
        Note = Text("note"),
        Created = Date("created"),
        Modified = Date("modified"),
        Definition = _row,
    };

    private JsonElement Field(string name) => _fields.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : default;

    private string Text(string name)
    {
        var value = Field(name);
        if (value.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.String))
        {
            Invalid(name, "A text is expected.");
        }

        return value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
    }

    private bool? Bool(string name)
    {
        var value = Field(name);
        if (value.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.True or JsonValueKind.False))
        {
            Invalid(name, "True, false or null is expected.");
        }

        return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : null;
    }

    private decimal? Number(string name)
    {
        var value = Field(name);
        if (value.ValueKind == JsonValueKind.Undefined)
        {
            return null;
        }

        // Django's serializer writes decimals as text.
        var text = value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText();
        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        Invalid(name, "A decimal number is expected.");
        return null;
    }

    private DateTimeOffset? Date(string name)
    {
        if (Text(name) is not { Length: > 0 } text)
        {
            return null;
        }

        if (DateConstraint.TryParse(text, out var date))
        {
            return date;
        }

        Invalid(name, "A date and time is expected.");
        return null;
    }

    private string[] Keys(string name)
    {
        var value = Field(name);
        if (value.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Array))
        {
            Invalid(name, "A list of keys is expected.");
            return [];
        }

        return value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(WaffleFields.Key)] : [];
    }

    private void Invalid(string name, string message) => _errors.Add($"{_pointer}/{name}", "invalid", message);
}

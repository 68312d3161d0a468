using System.Globalization;
using System.Text.Json;
using Platform.Errors;

namespace Platform.FeatureFlags;

/// <summary>
/// Reads JSON as .NET's configuration does: names without case, and values as text, so that <c>"true"</c> and <c>true</c> are the same. That is
/// how Microsoft.FeatureManagement sees its files.
/// </summary>
internal readonly struct ConfigurationJson(JsonElement element, string pointer, FieldErrors errors)
{
    public JsonElement Element => element;

    public string Pointer => pointer;

    public FieldErrors Errors => errors;

    public bool IsObject => element.ValueKind == JsonValueKind.Object;

    public ConfigurationJson this[string name]
    {
        get
        {
            if (IsObject)
            {
                foreach (var property in element.EnumerateObject())
                {
                    if (string.Equals(property.Name, name, StringComparison.OrdinalIgnoreCase))
                    {
                        return new(property.Value, $"{pointer}/{JsonPointer.Escape(property.Name)}", errors);
                    }
                }
            }

            return new(default, $"{pointer}/{name}", errors);
        }
    }

    /// <summary>The value as text; null where it is missing, null, an object or an array.</summary>
    public string? Text => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number => element.GetRawText(),
        JsonValueKind.True => "True",
        JsonValueKind.False => "False",
        _ => null,
    };

    public IEnumerable<ConfigurationJson> Items()
    {
        if (element.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            yield break;
        }

        if (element.ValueKind != JsonValueKind.Array)
        {
            Invalid("A list is expected.");
            yield break;
        }

        var index = 0;
        foreach (var item in element.EnumerateArray())
        {
            yield return new(item, $"{pointer}/{index++}", errors);
        }
    }

    public string[] Texts() => [.. Items().Select(item => item.Text).OfType<string>()];

    public bool Bool(bool fallback)
    {
        if (Text is not { Length: > 0 } text)
        {
            return fallback;
        }

        if (!bool.TryParse(text, out var value))
        {
            Invalid("True or false is expected.");
        }

        return value;
    }

    public double Number(double fallback)
    {
        if (Text is not { Length: > 0 } text)
        {
            return fallback;
        }

        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value))
        {
            Invalid("A number is expected.");
        }

        return value;
    }

    public double Percent(double fallback)
    {
        var value = Number(fallback);
        if (value is < 0 or > 100)
        {
            errors.Add(pointer, "out_of_range", "The value must be between 0 and 100.");
        }

        return value;
    }

    public int Whole(int fallback)
    {
        if (Text is not { Length: > 0 } text)
        {
            return fallback;
        }

        if (!int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value))
        {
            Invalid("A whole number is expected.");
        }

        return value;
    }

    public T? Enum<T>()
        where T : struct, Enum
    {
        if (Text is not { Length: > 0 } text)
        {
            return null;
        }

        if (!System.Enum.TryParse<T>(text, ignoreCase: true, out var value) || !System.Enum.IsDefined(value))
        {
            Invalid("The value is not one of those that are known.");
        }

        return value;
    }

    public DateTimeOffset? Date()
    {
        if (Text is not { Length: > 0 } text)
        {
            return null;
        }

        // A date without an offset is local time, as for Microsoft's own reader.
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var value))
        {
            Invalid("A date and time is expected.");
        }

        return value;
    }

    public void Invalid(string message) => errors.Add(pointer, "invalid", message);
}

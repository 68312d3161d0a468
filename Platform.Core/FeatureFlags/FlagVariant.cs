using System.Text.Json;

namespace Platform.FeatureFlags;

/// <summary>A variant as code gets it.</summary>
public sealed class FlagVariant
{
    private object? _typed;

    internal FlagVariant(string name, JsonElement? value, string? payloadType = null)
    {
        Name = name;
        Value = value;
        PayloadType = payloadType;
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its value, any JSON; null where it has none.</summary>
    public JsonElement? Value { get; }

    /// <summary>What Unleash says the value's text is: <c>string</c>, <c>json</c>, <c>csv</c>, <c>number</c>; null elsewhere.</summary>
    public string? PayloadType { get; }

    /// <summary>The value as <typeparamref name="T"/>, read once and kept, or false where it is of another shape.</summary>
    /// <remarks>What is kept is shared between callers, so it should be immutable.</remarks>
    internal bool TryRead<T>(out T? value)
    {
        if (Volatile.Read(ref _typed) is Read<T> read)
        {
            value = read.Value;
            return read.Fits;
        }

        var fits = false;
        value = default;
        if (Value is { } json)
        {
            try
            {
                value = json.Deserialize<T>(FlagJson.Values);
                fits = value is not null;
            }
            catch (JsonException)
            {
                // Another shape: the caller falls back to what the code declares.
            }
        }

        Volatile.Write(ref _typed, new Read<T>(value, fits));
        return fits;
    }

    private sealed record Read<T>(T? Value, bool Fits);
}

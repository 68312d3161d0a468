using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.Client;

/// <summary>One of several words, more of which may come.</summary>
public interface IOpenValue<TSelf>
    where TSelf : struct, IOpenValue<TSelf>
{
    /// <summary>The word on the wire.</summary>
    string Value { get; }

    /// <summary>Takes a word.</summary>
    static abstract TSelf Parse(string value);
}

/// <summary>Reads and writes words as they are.</summary>
public sealed class OpenValueConverter<T> : JsonConverter<T>
    where T : struct, IOpenValue<T>
{
    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => T.Parse(reader.GetString() ?? "");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(value.Value);
    }
}

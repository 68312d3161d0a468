using System.Text.Json;
using Platform.Errors;

namespace Platform.FeatureFlags;

/// <summary>One item as it is stored.</summary>
/// <remarks>Immutable. <see cref="Definition"/> is read when it is first asked for.</remarks>
public sealed class FlagItem
{
    private object? _definition;

    /// <summary>An item from its text.</summary>
    /// <param name="key">Which one.</param>
    /// <param name="version">The version of the document that changed it last.</param>
    /// <param name="position">Where it stands among the others of its kind.</param>
    /// <param name="json">Its definition, as <see cref="FlagJson"/> writes it.</param>
    public FlagItem(FlagKey key, long version, long position, string json)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentException.ThrowIfNullOrEmpty(json);
        Key = key;
        Version = version;
        Position = position;
        Json = json;
    }

    /// <summary>Which one.</summary>
    public FlagKey Key { get; }

    /// <summary>The version of the document that changed it last: its entity tag.</summary>
    public long Version { get; }

    /// <summary>Where it stands among the others of its kind.</summary>
    public long Position { get; }

    /// <summary>Its definition as text.</summary>
    public string Json { get; }

    /// <summary>
    /// Its definition: a <see cref="FlagDefinition"/>, <see cref="SwitchDefinition"/>, <see cref="SampleDefinition"/>,
    /// <see cref="SegmentDefinition"/> or <see cref="JsonElement"/>. A flag that cannot be read is one that is off, so that it takes no other along.
    /// </summary>
    public object Definition => _definition ??= Read();

    /// <summary>The text of a definition.</summary>
    public static string Text(object definition) => JsonSerializer.Serialize(definition, definition?.GetType() ?? typeof(object), FlagJson.Options);

    private object Read() => Key.Kind switch
    {
        FlagItemKind.Flag => Parse<FlagDefinition>() ?? Unreadable(),
        FlagItemKind.Switch => Parse<SwitchDefinition>() ?? new SwitchDefinition { Name = Key.Name },
        FlagItemKind.Sample => Parse<SampleDefinition>() ?? new SampleDefinition { Name = Key.Name },
        FlagItemKind.Segment => Parse<SegmentDefinition>() ?? new SegmentDefinition { Name = Key.Name, Origin = FlagOrigin.Unleash },
        _ => FlagJson.Parse(System.Text.Encoding.UTF8.GetBytes(Json), new FieldErrors()),
    };

    // Rules refuse an own flag with a definition, and what is refused compiles to off.
    private FlagDefinition Unreadable() => new() { Name = Key.Name, Definition = JsonSerializer.SerializeToElement("unreadable") };

    private T? Parse<T>()
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(Json, FlagJson.Stored);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

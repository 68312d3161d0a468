using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Platform.Messaging;

internal abstract class EventDefinition(string eventType, Type type, string aggregateType)
{
    public string EventType { get; } = eventType;

    public Type Type { get; } = type;

    public string AggregateType { get; } = aggregateType;

    public abstract object Read(ReadOnlySpan<byte> payload);

    public abstract object Read(JsonNode payload);
}

internal sealed class EventDefinition<TEvent>(
    string eventType, JsonTypeInfo<TEvent> json, string aggregateType, Func<TEvent, string> aggregateId)
    : EventDefinition(eventType, typeof(TEvent), aggregateType)
    where TEvent : class
{
    public string AggregateIdOf(TEvent @event) => aggregateId(@event) is { Length: > 0 } id
        ? id
        : throw new InvalidOperationException($"An event {EventType} has no aggregate id.");

    public string Write(TEvent @event) => JsonSerializer.Serialize(@event, json);

    public override object Read(ReadOnlySpan<byte> payload) => JsonSerializer.Deserialize(payload, json) ?? throw Empty();

    public override object Read(JsonNode payload) => payload.Deserialize(json) ?? throw Empty();

    private JsonException Empty() => new($"The body of an event {EventType} is null.");
}

internal sealed record Upcaster(string From, string To, Func<JsonNode, JsonNode> Apply);

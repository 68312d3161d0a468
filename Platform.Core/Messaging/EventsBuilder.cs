using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;

namespace Platform.Messaging;

/// <summary>Declares events: the name on the wire, the type in code, and the aggregate that they belong to.</summary>
public sealed partial class EventsBuilder
{
    internal const int MaxNameLength = 200;

    internal List<EventDefinition> Definitions { get; } = [];

    internal List<Upcaster> Upcasters { get; } = [];

    /// <summary>Declares an event.</summary>
    /// <typeparam name="TEvent">The type in code; one name on the wire each.</typeparam>
    /// <param name="eventType">The name on the wire: past tense, with a version, <c>orders.placed.v1</c>.</param>
    /// <param name="json">How it is written and read: the property of a source-generated <c>JsonSerializerContext</c>.</param>
    /// <param name="aggregateType">The kind of thing it happens to, <c>order</c>.</param>
    /// <param name="aggregateId">Which one: events of one aggregate are handled in order.</param>
    /// <exception cref="ArgumentException">The name has no version, is too long, or has other characters than <c>a-z 0-9 . - _</c>.</exception>
    public EventsBuilder Add<TEvent>(string eventType, JsonTypeInfo<TEvent> json, string aggregateType, Func<TEvent, string> aggregateId)
        where TEvent : class
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentException.ThrowIfNullOrEmpty(aggregateType);
        ArgumentNullException.ThrowIfNull(aggregateId);
        Definitions.Add(new EventDefinition<TEvent>(Checked(eventType), json, aggregateType, aggregateId));
        return this;
    }

    /// <summary>Turns bodies of an older version into the next, step by step until a declared one is reached.</summary>
    /// <param name="from">The older name on the wire, <c>orders.placed.v1</c>.</param>
    /// <param name="to">The next name, declared with <see cref="Add"/> or raised further by another step.</param>
    /// <param name="upcast">Returns the newer body; it may change the node that it is given.</param>
    public EventsBuilder Upcast(string from, string to, Func<JsonNode, JsonNode> upcast)
    {
        ArgumentNullException.ThrowIfNull(upcast);
        Upcasters.Add(new Upcaster(Checked(from), Checked(to), upcast));
        return this;
    }

    private static string Checked(string eventType)
    {
        ArgumentException.ThrowIfNullOrEmpty(eventType);
        return eventType.Length <= MaxNameLength && Name().IsMatch(eventType)
            ? eventType
            : throw new ArgumentException($"'{eventType}' is no event name: it has to look like 'orders.placed.v1'.", nameof(eventType));
    }

    [GeneratedRegex(@"^[a-z0-9_-]+(\.[a-z0-9_-]+)*\.v[0-9]+$")]
    private static partial Regex Name();
}

using System.Text.Json;
using System.Text.Json.Nodes;

namespace Platform.Messaging;

/// <summary>All declared events, by type in code and by name on the wire.</summary>
internal sealed class EventCatalog
{
    private readonly Dictionary<Type, EventDefinition> _byType = [];
    private readonly Dictionary<string, EventReader> _byName = new(StringComparer.Ordinal);

    public EventCatalog(IEnumerable<EventsBuilder> declarations)
    {
        var builders = declarations.ToList();
        foreach (var definition in builders.SelectMany(builder => builder.Definitions))
        {
            if (!_byType.TryAdd(definition.Type, definition))
            {
                throw new InvalidOperationException($"{definition.Type} is declared as an event twice.");
            }

            if (!_byName.TryAdd(definition.EventType, new EventReader(definition, [])))
            {
                throw new InvalidOperationException($"The event name {definition.EventType} is declared twice.");
            }
        }

        var steps = new Dictionary<string, Upcaster>(StringComparer.Ordinal);
        foreach (var step in builders.SelectMany(builder => builder.Upcasters))
        {
            if (_byName.ContainsKey(step.From) || !steps.TryAdd(step.From, step))
            {
                throw new InvalidOperationException($"Events {step.From} are declared, or raised to another version, twice.");
            }
        }

        foreach (var from in steps.Keys)
        {
            _byName.Add(from, Raised(from, steps));
        }
    }

    /// <summary>Every name that can be read here.</summary>
    public IReadOnlyCollection<string> Names => _byName.Keys;

    /// <summary>Finds how to write a type.</summary>
    public EventDefinition<TEvent> Definition<TEvent>()
        where TEvent : class =>
        _byType.TryGetValue(typeof(TEvent), out var definition)
            ? (EventDefinition<TEvent>)definition
            : throw new InvalidOperationException($"{typeof(TEvent)} is not declared as an event: call AddEvents(e => e.Add(...)).");

    /// <summary>Finds how to read a name on the wire.</summary>
    public EventReader? Reader(string eventType) => _byName.GetValueOrDefault(eventType);

    private EventReader Raised(string from, Dictionary<string, Upcaster> steps)
    {
        List<Upcaster> path = [];
        for (var name = from; ; name = path[^1].To)
        {
            if (path.Count > 0 && _byName.TryGetValue(name, out var reader) && reader.Steps.Count == 0)
            {
                return new EventReader(reader.Definition, path);
            }

            if (!steps.TryGetValue(name, out var step) || path.Count > steps.Count)
            {
                throw new InvalidOperationException($"The versions from {from} lead to no declared event.");
            }

            path.Add(step);
        }
    }
}

/// <summary>Reads bodies of one name on the wire, raised to the version that the code knows.</summary>
internal sealed record EventReader(EventDefinition Definition, IReadOnlyList<Upcaster> Steps)
{
    public object Read(ReadOnlySpan<byte> payload)
    {
        if (Steps.Count == 0)
        {
            return Definition.Read(payload);
        }

        var node = JsonNode.Parse(payload) ?? throw new JsonException("The body is null.");
        foreach (var step in Steps)
        {
            node = step.Apply(node);
        }

        return Definition.Read(node);
    }
}

namespace Platform.Messaging;

/// <summary>A subscription as declared: its name and its handlers by name on the wire.</summary>
internal sealed class Subscription
{
    private readonly Dictionary<string, EventRoute> _routes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _families = new(StringComparer.Ordinal);

    public Subscription(SubscriptionBuilder builder, EventCatalog catalog)
    {
        Name = builder.Name;
        foreach (var name in catalog.Names)
        {
            var reader = catalog.Reader(name)!;
            if (builder.Handlers.Find(handler => handler.EventClass == reader.Definition.Type) is { } handler)
            {
                _routes.Add(name, new EventRoute(reader, handler));
                _families.Add(Family(name));
            }
        }

        if (builder.Handlers.Find(handler => !_routes.Values.Any(route => route.Handler == handler)) is { } orphan)
        {
            throw new InvalidOperationException(
                $"Subscription {Name} handles {orphan.EventClass}, which is not declared as an event: call AddEvents(e => e.Add(...)).");
        }

        IsRelay = builder.Transport is not null;
        PassedOver = IsRelay ? [] : [.. catalog.Names.Where(name => !_routes.ContainsKey(name))];
        CallsOutside = builder.Handlers.Exists(handler => handler.OutsideWorld);
    }

    public string Name { get; }

    /// <summary>Takes every event, of whatever type, and publishes it.</summary>
    public bool IsRelay { get; }

    /// <summary>Declared names that no handler of this subscription wants: the database leaves them out.</summary>
    public string[] PassedOver { get; }

    public bool CallsOutside { get; }

    public EventRoute? Route(string eventType) => _routes.GetValueOrDefault(eventType);

    /// <summary>Another version of this name is handled: most likely the event comes from newer code than this.</summary>
    public bool HandlesOtherVersionOf(string eventType) => _families.Contains(Family(eventType));

    private static string Family(string eventType) => eventType.LastIndexOf(".v", StringComparison.Ordinal) is > 0 and var at ? eventType[..at] : eventType;
}

internal sealed record EventRoute(EventReader Reader, HandlerBinding Handler);

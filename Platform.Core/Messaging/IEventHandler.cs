namespace Platform.Messaging;

/// <summary>Reacts to one type of event.</summary>
/// <remarks>
/// Resolved from a scope of its own together with the consumer's <c>DbContext</c>. What the handler changes through that context is
/// saved by the dispatcher in one transaction with the inbox mark, so it happens once however often the event is delivered.
/// An exception rolls everything back, and the event comes again after a delay.
/// </remarks>
/// <typeparam name="TEvent">A type that was registered with <c>AddEvents</c>.</typeparam>
public interface IEventHandler<in TEvent>
    where TEvent : class
{
    /// <summary>Handles one event.</summary>
    /// <param name="event">What happened.</param>
    /// <param name="context">The event's id, times, aggregate and correlation.</param>
    /// <param name="cancellationToken">Fires on the handler's timeout and on shutdown.</param>
    Task HandleAsync(TEvent @event, EventContext context, CancellationToken cancellationToken);
}

namespace Platform.Messaging;

/// <summary>
/// Records events next to the caller's own change: the event is there exactly when the change is.
/// </summary>
/// <remarks>
/// Nothing is written until the caller saves; a rollback leaves nothing. Scoped, like the caller's unit of work, and not
/// thread safe.
/// </remarks>
public interface IOutbox
{
    /// <summary>Adds an event to the caller's unit of work.</summary>
    /// <typeparam name="TEvent">A type that was registered with <c>AddEvents</c>.</typeparam>
    /// <param name="event">What happened.</param>
    /// <param name="notBefore">Deliver it no earlier than this; at once by default.</param>
    /// <returns>The event's id (UUID version 7), which the inbox of every consumer remembers.</returns>
    /// <exception cref="InvalidOperationException"><typeparamref name="TEvent"/> is not registered.</exception>
    Guid Enqueue<TEvent>(TEvent @event, DateTimeOffset? notBefore = null)
        where TEvent : class;
}

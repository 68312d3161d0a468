using Npgsql;
using Platform.Messaging;

namespace Platform.EntityFrameworkCore.Messaging.Dispatching;

/// <summary>Does a subscription's work for events, and commits the progress that the caller adds together with it, or after it.</summary>
internal interface IEventDispatcher
{
    /// <summary>Does the work for events in one go.</summary>
    /// <param name="calls">May be empty: then only the progress is committed.</param>
    /// <param name="progress">Writes what else belongs into the transaction, last.</param>
    /// <param name="abort">The host no longer waits.</param>
    /// <exception cref="EventFailedException">An event failed; nothing was committed.</exception>
    Task TogetherAsync(IReadOnlyList<HandlerCall> calls, Func<NpgsqlConnection, Task> progress, CancellationToken abort);

    /// <summary>Does the work for one event whose handler calls the outside world: the transaction begins after it returned.</summary>
    /// <inheritdoc cref="TogetherAsync"/>
    Task OutsideAsync(HandlerCall call, Func<NpgsqlConnection, Task> progress, CancellationToken abort);
}

/// <summary>One event on its way into its handler.</summary>
/// <param name="Envelope">The event.</param>
/// <param name="Route">How to read and handle it; null when only another version of it is known here.</param>
/// <param name="Attempt">1 for the first.</param>
/// <param name="Round">Grows within a batch. What earlier rounds did is written first, because it may concern the same aggregate.</param>
/// <param name="Epoch">That of the lane, which a commit for it has to match.</param>
internal sealed record HandlerCall(EventEnvelope Envelope, EventRoute? Route, int Attempt, int Round, long Epoch);

/// <summary>An event could not be handled.</summary>
/// <param name="index">Which one of the calls; <see cref="Unknown"/> when only the database can tell.</param>
/// <param name="cause">Why.</param>
internal sealed class EventFailedException(int index, Exception cause) : Exception(cause.Message, cause)
{
    public const int Unknown = -1;

    public int Index { get; } = index;

    public Exception Cause { get; } = cause;
}

/// <summary>Only another version of this event is known here: most likely it comes from newer code.</summary>
internal sealed class UnknownEventVersionException(string eventType) : Exception($"No code here reads {eventType}.");

using Platform.Errors;

namespace Platform.Messaging.DeadLetters;

/// <summary>Events that a subscription gave up after the last try, for an operator to look at, repair, replay or discard.</summary>
/// <remarks>
/// Each action is recorded with actor and reason. A replay keeps the event's id, so that the inbox still knows what was handled. Commits by
/// itself. Thread safe.
/// </remarks>
public interface IDeadLetters
{
    /// <summary>Lists dead letters, the latest first.</summary>
    /// <param name="filter">Which ones.</param>
    /// <param name="limit">1 to 500.</param>
    /// <param name="after">The <see cref="DeadLetterPage.Next"/> of the page before.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ErrorException">The cursor is not one of these.</exception>
    Task<DeadLetterPage> ListAsync(DeadLetterFilter filter, int limit = 50, string? after = null, CancellationToken cancellationToken = default);

    /// <summary>Returns a dead letter with its body and stack; null when there is none.</summary>
    Task<DeadLetterDetails?> FindAsync(string subscription, Guid eventId, CancellationToken cancellationToken = default);

    /// <summary>Returns what was done with a dead letter, the latest first; also after it is gone.</summary>
    Task<IReadOnlyList<DeadLetterEntry>> HistoryAsync(string subscription, Guid eventId, CancellationToken cancellationToken = default);

    /// <summary>Replaces the body.</summary>
    /// <exception cref="ErrorException">There is no such dead letter, or the body is no JSON object.</exception>
    Task EditAsync(string subscription, Guid eventId, string payload, OperatorAction action, CancellationToken cancellationToken = default);

    /// <summary>Hands an event to its subscription again, at once and with all its tries.</summary>
    /// <exception cref="ErrorException">There is no such dead letter.</exception>
    Task ReplayAsync(string subscription, Guid eventId, OperatorAction action, CancellationToken cancellationToken = default);

    /// <summary>Hands all events that fit the filter to their subscriptions again, the earliest first.</summary>
    /// <param name="filter">Which ones.</param>
    /// <param name="action">Who, and why.</param>
    /// <param name="limit">At most this many, 1 to 10,000.</param>
    /// <param name="cancellationToken">Gives up; what was done until then stays.</param>
    /// <returns>How many.</returns>
    Task<int> ReplayAsync(DeadLetterFilter filter, OperatorAction action, int limit = 1000, CancellationToken cancellationToken = default);

    /// <summary>Removes a dead letter for good.</summary>
    /// <exception cref="ErrorException">There is no such dead letter.</exception>
    Task DiscardAsync(string subscription, Guid eventId, OperatorAction action, CancellationToken cancellationToken = default);

    /// <summary>Removes all dead letters that fit the filter for good.</summary>
    /// <inheritdoc cref="ReplayAsync(DeadLetterFilter, OperatorAction, int, CancellationToken)"/>
    Task<int> DiscardAsync(DeadLetterFilter filter, OperatorAction action, int limit = 1000, CancellationToken cancellationToken = default);
}

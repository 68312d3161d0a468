using Platform.Errors;

namespace Platform.Messaging;

/// <summary>The state of all subscriptions that the database knows, and what an operator can do with them. Thread safe.</summary>
public interface ISubscriptions
{
    /// <summary>Returns how far each subscription is.</summary>
    Task<IReadOnlyList<SubscriptionStatus>> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>Returns how far each lane of a subscription is; empty where the database does not know the subscription.</summary>
    Task<IReadOnlyList<LaneStatus>> LanesAsync(string subscription, CancellationToken cancellationToken = default);

    /// <summary>
    /// Has a subscription handle again what the log holds from a point in time on: its cursors go back, and its inbox forgets these events.
    /// Owners notice at once. Deferred events and dead letters stay as they are. For one that reads from the configured broker it is the relay
    /// that goes back: the broker gets these events again, and the other subscriptions' inboxes pass over them.
    /// </summary>
    /// <param name="subscription">The subscription.</param>
    /// <param name="from">Events that occurred at this time or later.</param>
    /// <param name="action">Who asks for it, for the audit trail where the host keeps one; the reason may be empty.</param>
    /// <param name="cancellationToken">Gives up; nothing is changed.</param>
    /// <returns>How many events come again, of whatever type.</returns>
    /// <exception cref="ErrorException">There is no such subscription, or it reads from a broker that no relay of Platform fills.</exception>
    Task<long> ReplayAsync(string subscription, DateTimeOffset from, OperatorAction action, CancellationToken cancellationToken = default);

    /// <summary>
    /// Forgets a subscription that no code declares any more, with what it has deferred and what the broker keeps for it; until then log and broker
    /// are kept for it.
    /// </summary>
    /// <param name="subscription">The subscription.</param>
    /// <param name="action">Who asks for it, for the audit trail where the host keeps one; the reason may be empty.</param>
    /// <param name="cancellationToken">Gives up; nothing is changed in the database.</param>
    /// <exception cref="ErrorException">
    /// There is no such subscription, a process still works for it, or it reads from a broker that is not the configured one.
    /// </exception>
    /// <exception cref="Transports.TransportUnavailableException">The broker cannot be reached; the subscription stays.</exception>
    Task RemoveAsync(string subscription, OperatorAction action, CancellationToken cancellationToken = default);
}

/// <summary>How far a subscription is.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Pending">Events in the log after its cursors, of whatever type, counted up to 1,000 a lane; 0 for one that reads from a broker.</param>
/// <param name="OldestPendingAt">When the oldest of them occurred.</param>
/// <param name="Deferred">Events that wait for a retry, for their time, or behind one that failed.</param>
/// <param name="DeadLetters">Events that were given up.</param>
/// <param name="Owners">The processes that own lanes, as <c>machine:process id</c>.</param>
public sealed record SubscriptionStatus(
    string Name, long Pending, DateTimeOffset? OldestPendingAt, long Deferred, long DeadLetters, IReadOnlyList<string> Owners);

/// <summary>How far a lane of a subscription is.</summary>
/// <param name="Lane">Its number, from 0.</param>
/// <param name="Position">The position in the log, or the broker's, of the last event that was handled, put off or passed over.</param>
/// <param name="Pending">Events in the log after it, of whatever type, counted up to 1,000; 0 for one that reads from a broker.</param>
/// <param name="OldestPendingAt">When the oldest of them occurred.</param>
/// <param name="Deferred">Events that wait for a retry, for their time, or behind one that failed.</param>
/// <param name="Owner">The process that owns it, as <c>machine:process id</c>; null when it was let go.</param>
/// <param name="UpdatedAt">When it moved last.</param>
public sealed record LaneStatus(
    short Lane, long Position, long Pending, DateTimeOffset? OldestPendingAt, long Deferred, string? Owner, DateTimeOffset UpdatedAt);

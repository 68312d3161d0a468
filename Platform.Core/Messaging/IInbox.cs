namespace Platform.Messaging;

/// <summary>
/// Does something once for each event of an outside sender (a webhook, a message of another system), however often it is sent.
/// Subscriptions do this by themselves.
/// </summary>
/// <remarks>Scoped, like the caller's unit of work, and not thread safe. The marks are forgotten after <see cref="MessagingOptions.InboxRetention"/>.</remarks>
public interface IInbox
{
    /// <summary>Marks the event and runs the effect in one transaction, saves the caller's context and commits.</summary>
    /// <param name="eventId">The sender's id of the event; any text.</param>
    /// <param name="consumer">Who handles it, up to 100 characters; each consumer handles each event once.</param>
    /// <param name="effect">What to do, on the scope's context. It may run again after a passing failure of the database, so it must not call outside.</param>
    /// <param name="cancellationToken">Gives up; nothing is saved.</param>
    /// <returns>False for a duplicate: the effect was not run.</returns>
    /// <remarks>In a transaction that the caller has open already, mark and effect become part of it, and the commit is the caller's.</remarks>
    /// <exception cref="InvalidOperationException">The context has unsaved changes, which a second run would lose.</exception>
    Task<bool> ProcessAsync(string eventId, string consumer, Func<CancellationToken, Task> effect, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="ProcessAsync(string, string, Func{CancellationToken, Task}, CancellationToken)"/>
    Task<bool> ProcessAsync(Guid eventId, string consumer, Func<CancellationToken, Task> effect, CancellationToken cancellationToken = default);
}

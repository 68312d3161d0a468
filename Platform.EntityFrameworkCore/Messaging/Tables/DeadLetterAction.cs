namespace Platform.EntityFrameworkCore.Messaging.Tables;

/// <summary>A row of <c>core_dead_letter_action</c>: what an operator did with a dead letter, and why.</summary>
internal sealed class DeadLetterAction
{
    public Guid Id { get; init; }

    public required string Subscription { get; init; }

    public Guid EventId { get; init; }

    /// <summary><c>edited</c>, <c>replayed</c> or <c>discarded</c>.</summary>
    public required string Action { get; init; }

    public required string Actor { get; init; }

    public required string Reason { get; init; }

    /// <summary>SHA-256 of the body before, in hex.</summary>
    public required string BeforeHash { get; init; }

    /// <summary>SHA-256 of the body after; the same when it was not edited, null when it is gone.</summary>
    public string? AfterHash { get; init; }

    public DateTimeOffset At { get; init; }
}

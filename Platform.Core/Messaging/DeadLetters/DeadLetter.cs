using System.Diagnostics.CodeAnalysis;

namespace Platform.Messaging.DeadLetters;

/// <summary>Which dead letters; null for any.</summary>
/// <param name="Subscription">The subscription that gave them up.</param>
/// <param name="EventType">The name on the wire.</param>
/// <param name="AggregateId">The aggregate.</param>
/// <param name="Reason"><c>failed</c>, <c>unknown_type</c> or <c>crashed</c>.</param>
/// <param name="ParkedFrom">Parked at this time or later.</param>
/// <param name="ParkedTo">Parked before this time.</param>
/// <param name="EventIds">One of these events.</param>
public sealed record DeadLetterFilter(
    string? Subscription = null,
    string? EventType = null,
    string? AggregateId = null,
    string? Reason = null,
    DateTimeOffset? ParkedFrom = null,
    DateTimeOffset? ParkedTo = null,
    IReadOnlyList<Guid>? EventIds = null)
{
    /// <summary>Whether there is no condition at all: every dead letter fits.</summary>
    public bool IsEmpty => this == new DeadLetterFilter();
}

/// <summary>A page of dead letters.</summary>
/// <param name="Items">The latest first.</param>
/// <param name="Next">Where the next page starts; null at the end.</param>
public sealed record DeadLetterPage(IReadOnlyList<DeadLetter> Items, string? Next);

/// <summary>An event that a subscription gave up.</summary>
public record DeadLetter
{
    /// <summary>The subscription.</summary>
    public required string Subscription { get; init; }

    /// <summary>The event's id.</summary>
    public required Guid EventId { get; init; }

    /// <summary>The name on the wire.</summary>
    public required string EventType { get; init; }

    /// <summary>The kind of aggregate.</summary>
    public required string AggregateType { get; init; }

    /// <summary>Which one.</summary>
    public required string AggregateId { get; init; }

    /// <summary><c>failed</c>: the last try failed. <c>unknown_type</c>: no code knows the type. <c>crashed</c>: the process died each time.</summary>
    public required string Reason { get; init; }

    /// <summary>How often it was tried.</summary>
    public required int Attempts { get; init; }

    /// <summary>The type of the last exception.</summary>
    public required string ErrorType { get; init; }

    /// <summary>Its message, cut to 2,000 characters.</summary>
    public required string Error { get; init; }

    /// <summary>When it was enqueued.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>When it was given up.</summary>
    public required DateTimeOffset ParkedAt { get; init; }

    /// <summary>The correlation id of its producer.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>The producer's span, which leads to the trace.</summary>
    public string? TraceParent { get; init; }
}

/// <summary>A dead letter with what is too large for a list.</summary>
public sealed record DeadLetterDetails : DeadLetter
{
    /// <summary>Adds the large parts.</summary>
    [SetsRequiredMembers]
    public DeadLetterDetails(DeadLetter deadLetter, string payload, string? stack)
        : base(deadLetter)
    {
        Payload = payload;
        Stack = stack;
    }

    /// <summary>The body, JSON.</summary>
    public string Payload { get; init; }

    /// <summary>The last exception with its stack, cut to 16,000 characters.</summary>
    public string? Stack { get; init; }
}

/// <summary>What was done with a dead letter.</summary>
/// <param name="Action"><c>edited</c>, <c>replayed</c> or <c>discarded</c>.</param>
/// <param name="Actor">Who did it.</param>
/// <param name="Reason">Why.</param>
/// <param name="BeforeHash">SHA-256 of the body before, in hex.</param>
/// <param name="AfterHash">SHA-256 of the body after; null when it is gone.</param>
/// <param name="At">When.</param>
public sealed record DeadLetterEntry(string Action, string Actor, string Reason, string BeforeHash, string? AfterHash, DateTimeOffset At);

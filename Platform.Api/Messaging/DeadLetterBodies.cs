using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Platform.Messaging.DeadLetters;
using Platform.Redaction;

namespace Platform.Api.Messaging;

/// <summary>An event that a subscription gave up.</summary>
/// <param name="Subscription">The subscription.</param>
/// <param name="EventId">The event's id.</param>
/// <param name="EventType">The name on the wire.</param>
/// <param name="AggregateType">The kind of aggregate.</param>
/// <param name="AggregateId">Which one.</param>
/// <param name="Cause"><c>failed</c>: the last try failed. <c>unknown_type</c>: no code knows the type. <c>crashed</c>: the process died each time.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="ErrorType">The type of the last exception.</param>
/// <param name="Error">Its message.</param>
/// <param name="OccurredAt">When it was enqueued.</param>
/// <param name="ParkedAt">When it was given up.</param>
/// <param name="CorrelationId">The correlation id of its producer.</param>
/// <param name="TraceParent">The producer's span, which leads to the trace.</param>
internal sealed record DeadLetterResponse(
    string Subscription,
    Guid EventId,
    string EventType,
    string AggregateType,
    string AggregateId,
    string Cause,
    int Attempts,
    string ErrorType,
    string Error,
    DateTimeOffset OccurredAt,
    DateTimeOffset ParkedAt,
    string? CorrelationId,
    string? TraceParent)
{
    public static DeadLetterResponse From(DeadLetter letter) => new(
        letter.Subscription,
        letter.EventId,
        letter.EventType,
        letter.AggregateType,
        letter.AggregateId,
        letter.Reason,
        letter.Attempts,
        letter.ErrorType,
        letter.Error,
        letter.OccurredAt,
        letter.ParkedAt,
        letter.CorrelationId,
        letter.TraceParent);
}

/// <summary>A dead letter whole.</summary>
/// <param name="DeadLetter">What the list shows.</param>
/// <param name="Payload">The body of the event; personal data in it is redacted without the scope <c>customers.read_personal</c>.</param>
/// <param name="Stack">The last exception with its stack.</param>
/// <param name="History">What was done with it, the latest first.</param>
internal sealed record DeadLetterDetailsResponse(
    DeadLetterResponse DeadLetter, JsonElement Payload, string? Stack, IReadOnlyList<DeadLetterActionResponse> History)
{
    /// <param name="letter">The dead letter.</param>
    /// <param name="history">What was done with it.</param>
    /// <param name="redactor">For a caller who may not see personal data; null for one who may.</param>
    public static DeadLetterDetailsResponse From(DeadLetterDetails letter, IReadOnlyList<DeadLetterEntry> history, Redactor? redactor)
    {
        using var payload = JsonDocument.Parse(letter.Payload, new JsonDocumentOptions { MaxDepth = 512 });
        var body = redactor is null ? payload.RootElement : SafeJson.Redact(payload.RootElement, redactor);
        return new(DeadLetterResponse.From(letter), body.Clone(), letter.Stack, [.. history.Select(DeadLetterActionResponse.From)]);
    }
}

/// <summary>What was done with a dead letter.</summary>
/// <param name="Action"><c>edited</c>, <c>replayed</c> or <c>discarded</c>.</param>
/// <param name="Actor">Who did it.</param>
/// <param name="Reason">Why.</param>
/// <param name="BeforeHash">SHA-256 of the body before, in hex.</param>
/// <param name="AfterHash">SHA-256 of the body after; null when it is gone.</param>
/// <param name="At">When.</param>
internal sealed record DeadLetterActionResponse(string Action, string Actor, string Reason, string BeforeHash, string? AfterHash, DateTimeOffset At)
{
    public static DeadLetterActionResponse From(DeadLetterEntry entry) =>
        new(entry.Action, entry.Actor, entry.Reason, entry.BeforeHash, entry.AfterHash, entry.At);
}

/// <summary>Why something is done; it is recorded with the caller.</summary>
/// <param name="Reason">Required, at most 1,000 characters.</param>
internal sealed record DeadLetterReasonRequest([property: MaxLength(1000)] string? Reason);

/// <summary>A new body for an event.</summary>
/// <param name="Payload">Required, a JSON object.</param>
/// <param name="Reason">Required, at most 1,000 characters.</param>
internal sealed record DeadLetterPayloadRequest(JsonElement? Payload, [property: MaxLength(1000)] string? Reason);

/// <summary>Something done with many dead letters.</summary>
/// <param name="Filter">Required, with at least one condition.</param>
/// <param name="Reason">Required, at most 1,000 characters.</param>
/// <param name="Limit">At most this many, 1 to 10,000; 1,000 by default. Ask again while the answer says as many.</param>
internal sealed record DeadLettersRequest(DeadLetterFilterBody? Filter, [property: MaxLength(1000)] string? Reason, int? Limit);

/// <summary>Which dead letters: those that fit all conditions.</summary>
/// <param name="Subscription">The subscription that gave them up.</param>
/// <param name="EventType">The name on the wire.</param>
/// <param name="AggregateId">The aggregate.</param>
/// <param name="Cause"><c>failed</c>, <c>unknown_type</c> or <c>crashed</c>.</param>
/// <param name="ParkedFrom">Given up at this time or later.</param>
/// <param name="ParkedTo">Given up before this time.</param>
/// <param name="EventIds">One of these events, at most 1,000.</param>
internal sealed record DeadLetterFilterBody(
    string? Subscription,
    string? EventType,
    string? AggregateId,
    string? Cause,
    DateTimeOffset? ParkedFrom,
    DateTimeOffset? ParkedTo,
    [property: MaxLength(1000)] IReadOnlyList<Guid>? EventIds)
{
    public DeadLetterFilter ToFilter() => new(Subscription, EventType, AggregateId, Cause, ParkedFrom, ParkedTo, EventIds);
}

/// <summary>What was done.</summary>
/// <param name="Count">With how many dead letters.</param>
internal sealed record DeadLettersResponse(int Count);

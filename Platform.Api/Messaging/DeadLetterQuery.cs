using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Platform.Domain.Paging;
using Platform.Errors;
using Platform.Messaging.DeadLetters;

namespace Platform.Api.Messaging;

// Texts, so that one that does not fit is told as a field error.
internal sealed record DeadLetterQuery(
    [FromQuery(Name = "subscription")] string? Subscription,
    [FromQuery(Name = "type")] string? Type,
    [FromQuery(Name = "aggregateId")] string? AggregateId,
    [FromQuery(Name = "cause")] string? Cause,
    [FromQuery(Name = "from")] string? From,
    [FromQuery(Name = "to")] string? To,
    [FromQuery(Name = "limit")] string? Limit,
    [FromQuery(Name = "cursor")] string? Cursor)
{
    public static IReadOnlyList<string> Causes { get; } = ["failed", "unknown_type", "crashed"];

    public static void CheckCause(FieldErrors errors, string pointer, string? cause)
    {
        if (cause is not null && !Causes.Contains(cause, StringComparer.Ordinal))
        {
            errors.Add(pointer, "invalid", "A cause is failed, unknown_type or crashed.");
        }
    }

    /// <summary>Checks a text that may stand in a statement: PostgreSQL knows no character zero.</summary>
    public static void CheckText(FieldErrors errors, string pointer, string? text)
    {
        if (text is { Length: > 200 } || text?.Contains('\0', StringComparison.Ordinal) is true)
        {
            errors.Add(pointer, "invalid", "This fits no dead letter: at most 200 characters, and none of them zero.");
        }
    }

    public (DeadLetterFilter Filter, int Limit) Validated()
    {
        var errors = new FieldErrors();
        CheckText(errors, "/subscription", Subscription);
        CheckText(errors, "/type", Type);
        CheckText(errors, "/aggregateId", AggregateId);
        CheckCause(errors, "/cause", Cause);
        var from = Time(errors, "/from", From);
        var to = Time(errors, "/to", To);
        var limit = PageRequest.DefaultLimit;
        if (Limit is not null && (!int.TryParse(Limit, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > PageRequest.MaxLimit))
        {
            errors.Add("/limit", "out_of_range", $"A page has 1 to {PageRequest.MaxLimit} items.");
        }

        errors.ThrowIfAny();
        return (new DeadLetterFilter(Subscription, Type, AggregateId, Cause, from, to), limit);
    }

    private static DateTimeOffset? Time(FieldErrors errors, string pointer, string? text)
    {
        if (text is null)
        {
            return null;
        }

        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            return time;
        }

        errors.Add(pointer, "invalid", "This is not a time (RFC 3339).");
        return null;
    }
}

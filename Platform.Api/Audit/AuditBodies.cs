using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Platform.Api.Http;
using Platform.Audit;
using Platform.EntityFrameworkCore.Audit;
using Platform.Errors;

namespace Platform.Api.Audit;

/// <summary>Something that was done or refused.</summary>
/// <param name="Id">Its id.</param>
/// <param name="OccurredAt">When, UTC.</param>
/// <param name="Actor">Who, as an id.</param>
/// <param name="Action">What was tried.</param>
/// <param name="Target">On what.</param>
/// <param name="Outcome"><c>succeeded</c>, <c>denied</c> or <c>failed</c>.</param>
/// <param name="Reason">Why, if that is known.</param>
/// <param name="TraceId">Finds the request in traces and logs.</param>
/// <param name="CorrelationId">The caller's id for what it asked.</param>
/// <param name="Source">The host that wrote it.</param>
/// <param name="Details">What else helps.</param>
internal sealed record AuditResponse(
    Guid Id,
    DateTimeOffset OccurredAt,
    string Actor,
    string Action,
    string Target,
    string Outcome,
    string? Reason,
    string? TraceId,
    string? CorrelationId,
    string Source,
    IReadOnlyDictionary<string, string>? Details)
{
    public static AuditResponse From(AuditEntry entry) => new(
        entry.Id,
        entry.OccurredAt,
        entry.Actor,
        entry.Action,
        entry.Target,
        entry.Outcome.ToString().ToLowerInvariant(),
        entry.Reason,
        entry.TraceId,
        entry.CorrelationId,
        entry.Source,
        Parsed(entry.Details));

    // A row that somebody changed in the database is still shown; verification is what tells.
    private static Dictionary<string, string>? Parsed(string? details)
    {
        try
        {
            return details is null ? null : JsonSerializer.Deserialize(details, ApiJson.Default.DictionaryStringString);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

// Texts, so that one that does not fit is told as a field error rather than as a request that could not be read.
internal sealed record AuditFilterQuery(
    [FromQuery(Name = "actor")] string? Actor,
    [FromQuery(Name = "action")] string? Action,
    [FromQuery(Name = "target")] string? Target,
    [FromQuery(Name = "outcome")] string? Outcome,
    [FromQuery(Name = "traceId")] string? TraceId,
    [FromQuery(Name = "from")] string? From,
    [FromQuery(Name = "to")] string? To)
{
    public static readonly string[] Names = ["actor", "action", "target", "outcome", "traceId", "from", "to"];

    private const int MaxText = 200;

    public AuditFilter ToFilter(FieldErrors errors)
    {
        AuditOutcome outcome = default;
        if (Outcome is not null && (!Enum.TryParse(Outcome, ignoreCase: true, out outcome) || !Enum.IsDefined(outcome) || char.IsAsciiDigit(Outcome[0])))
        {
            errors.Add("/outcome", "invalid", "An outcome is succeeded, denied or failed.");
        }

        return new AuditFilter(
            errors.Text("/actor", Actor, MaxText, required: false),
            errors.Text("/action", Action, AuditEvent.MaxAction, required: false),
            errors.Text("/target", Target, MaxText, required: false),
            Outcome is null ? null : outcome,
            errors.Text("/traceId", TraceId, MaxText, required: false),
            Time(errors, "/from", From),
            Time(errors, "/to", To));
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

        errors.Add(pointer, "invalid", "A time is written as in RFC 3339: 2026-01-31T12:00:00Z.");
        return null;
    }
}

using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Api.Documentation;
using Platform.Api.Http;
using Platform.Errors;
using Platform.Identity;
using Platform.Messaging;
using Platform.Messaging.DeadLetters;
using Platform.ServiceDefaults.Conditional;
using Platform.ServiceDefaults.Redaction;

namespace Platform.Api.Messaging;

/// <summary>Dead letters for operators. Each action is recorded with the caller and the reason.</summary>
internal static class DeadLetterEndpoints
{
    private const int MaxMany = 10_000;
    private const int MaxIds = 1_000;
    private const int DefaultMany = 1_000;

    public static void MapDeadLetters(this IEndpointRouteBuilder api)
    {
        var letters = api.MapGroup("/deadletters").WithTags("Dead letters");

        letters.MapGet("/", ListAsync).WithName("ListDeadLetters").WithSummary("List dead letters, the latest first")
            .RequireAuthorization(ApiScopes.Operate)
            .WithBodyTag()
            .Refuses(ErrorCode.ValidationError);
        letters.MapGet("/{subscription}/{eventId:guid}", GetAsync).WithName("GetDeadLetter").WithSummary("Get a dead letter with its body, stack and history")
            .RequireAuthorization(ApiScopes.Operate)
            .WithBodyTag()
            .Refuses(ErrorCode.ResourceNotFound);
        letters.MapPut("/{subscription}/{eventId:guid}/payload", EditAsync).WithName("EditDeadLetter").WithSummary("Replace the body of a dead letter")
            .RequireAuthorization(ApiScopes.Operate)
            .ReadsBody()
            .Refuses(ErrorCode.ResourceNotFound);
        letters.MapPost("/{subscription}/{eventId:guid}/replay", ReplayAsync).WithName("ReplayDeadLetter").WithSummary("Hand a dead letter to its subscription again")
            .WithDescription("It keeps its id, so an inbox that has handled it takes it for the duplicate it is. It comes outside the order of its aggregate.")
            .RequireAuthorization(ApiScopes.Operate)
            .ReadsBody()
            .Refuses(ErrorCode.ResourceNotFound);
        letters.MapPost("/{subscription}/{eventId:guid}/discard", DiscardAsync).WithName("DiscardDeadLetter").WithSummary("Remove a dead letter for good")
            .RequireAuthorization(ApiScopes.Operate)
            .ReadsBody()
            .Refuses(ErrorCode.ResourceNotFound);
        letters.MapPost("/replay", ReplayManyAsync).WithName("ReplayDeadLetters").WithSummary("Hand dead letters that fit a filter to their subscriptions again, the earliest first")
            .RequireAuthorization(ApiScopes.Operate)
            .ReadsBody();
        letters.MapPost("/discard", DiscardManyAsync).WithName("DiscardDeadLetters").WithSummary("Remove dead letters that fit a filter for good")
            .RequireAuthorization(ApiScopes.Operate)
            .ReadsBody();
    }

    private static async Task<Ok<PageResponse<DeadLetterResponse>>> ListAsync(
        [AsParameters] DeadLetterQuery query, IDeadLetters letters, CancellationToken cancellationToken)
    {
        var (filter, limit) = query.Validated();
        var page = await letters.ListAsync(filter, limit, query.Cursor, cancellationToken);
        return TypedResults.Ok(new PageResponse<DeadLetterResponse>([.. page.Items.Select(DeadLetterResponse.From)], page.Next));
    }

    private static async Task<Ok<DeadLetterDetailsResponse>> GetAsync(
        string subscription, Guid eventId, IDeadLetters letters, PersonalReader reader, CancellationToken cancellationToken) =>
        await letters.FindAsync(Known(subscription, eventId), eventId, cancellationToken) is { } letter
            ? TypedResults.Ok(DeadLetterDetailsResponse.From(letter, await letters.HistoryAsync(subscription, eventId, cancellationToken), reader.Redactor))
            : throw ErrorException.NotFound("dead-letter", eventId);

    private static async Task<NoContent> EditAsync(
        string subscription, Guid eventId, DeadLetterPayloadRequest request, ICallerAccessor callers, IDeadLetters letters, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        if (request.Payload is not { ValueKind: JsonValueKind.Object })
        {
            errors.Add("/payload", request.Payload is null ? "required" : "invalid", "The body of an event is a JSON object.");
        }

        var action = Action(errors, request.Reason, callers);
        errors.ThrowIfAny();
        await letters.EditAsync(Known(subscription, eventId), eventId, request.Payload!.Value.GetRawText(), action, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> ReplayAsync(
        string subscription, Guid eventId, DeadLetterReasonRequest request, ICallerAccessor callers, IDeadLetters letters, CancellationToken cancellationToken)
    {
        await letters.ReplayAsync(Known(subscription, eventId), eventId, Action(request.Reason, callers), cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> DiscardAsync(
        string subscription, Guid eventId, DeadLetterReasonRequest request, ICallerAccessor callers, IDeadLetters letters, CancellationToken cancellationToken)
    {
        await letters.DiscardAsync(Known(subscription, eventId), eventId, Action(request.Reason, callers), cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<DeadLettersResponse>> ReplayManyAsync(
        DeadLettersRequest request, ICallerAccessor callers, IDeadLetters letters, CancellationToken cancellationToken)
    {
        var (filter, action, limit) = Many(request, callers);
        return TypedResults.Ok(new DeadLettersResponse(await letters.ReplayAsync(filter, action, limit, cancellationToken)));
    }

    private static async Task<Ok<DeadLettersResponse>> DiscardManyAsync(
        DeadLettersRequest request, ICallerAccessor callers, IDeadLetters letters, CancellationToken cancellationToken)
    {
        var (filter, action, limit) = Many(request, callers);
        return TypedResults.Ok(new DeadLettersResponse(await letters.DiscardAsync(filter, action, limit, cancellationToken)));
    }

    private static (DeadLetterFilter Filter, OperatorAction Action, int Limit) Many(DeadLettersRequest request, ICallerAccessor callers)
    {
        var errors = new FieldErrors();
        var filter = request.Filter?.ToFilter() ?? new DeadLetterFilter();
        if (filter.IsEmpty)
        {
            errors.Add("/filter", "required", "At least one condition is required; parkedTo alone fits everything until then.");
        }

        DeadLetterQuery.CheckText(errors, "/filter/subscription", filter.Subscription);
        DeadLetterQuery.CheckText(errors, "/filter/eventType", filter.EventType);
        DeadLetterQuery.CheckText(errors, "/filter/aggregateId", filter.AggregateId);
        DeadLetterQuery.CheckCause(errors, "/filter/cause", filter.Reason);
        if (filter.EventIds is { Count: > MaxIds })
        {
            errors.Add("/filter/eventIds", "too_many", $"At most {MaxIds} ids are allowed.");
        }

        if (request.Limit is < 1 or > MaxMany)
        {
            errors.Add("/limit", "out_of_range", $"A limit is between 1 and {MaxMany}.");
        }

        var action = Action(errors, request.Reason, callers);
        errors.ThrowIfAny();
        return (filter, action, request.Limit ?? DefaultMany);
    }

    private static OperatorAction Action(string? reason, ICallerAccessor callers)
    {
        var errors = new FieldErrors();
        var action = Action(errors, reason, callers);
        errors.ThrowIfAny();
        return action;
    }

    private static OperatorAction Action(FieldErrors errors, string? reason, ICallerAccessor callers) =>
        new(callers.Current.Subject ?? throw new ErrorException(ErrorCode.Unauthorized, "The token names nobody."), errors.Text("/reason", reason, 1000) ?? string.Empty);

    // Of a name that cannot be one, there is no dead letter.
    private static string Known(string subscription, Guid eventId) =>
        subscription.Contains('\0', StringComparison.Ordinal) ? throw ErrorException.NotFound("dead-letter", eventId) : subscription;
}

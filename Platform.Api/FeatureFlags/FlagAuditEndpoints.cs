using System.Globalization;
using System.Net.Mime;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Platform.Api.Documentation;
using Platform.Errors;
using Platform.FeatureFlags;
using Platform.Identity;
using Platform.ServiceDefaults.Conditional;

namespace Platform.Api.FeatureFlags;

/// <summary>What was done to flags, and the way back.</summary>
internal static class FlagAuditEndpoints
{
    private const int DefaultLimit = 20;
    private const int MaxLimit = 100;

    public static void MapFlagAudit(this RouteGroupBuilder flags)
    {
        flags.MapGet("/audit", ListAsync).WithName("ListFlagAudit").WithSummary("List what was done to flags, the latest first, with what differs")
            .RequireAuthorization(ApiScopes.FlagsRead)
            .WithBodyTag()
            .Produces<FlagAuditResponse>()
            .Refuses(ErrorCode.ValidationError);
        flags.MapGet("/audit/{id:guid}", GetAsync).WithName("GetFlagAuditEntry").WithSummary("Get one entry of the audit")
            .RequireAuthorization(ApiScopes.FlagsRead)
            .WithBodyTag()
            .Produces<FlagAuditItem>()
            .Refuses(ErrorCode.ResourceNotFound);
        flags.MapPost("/audit/{id:guid}/undo", UndoAsync).WithName("UndoFlagChange").WithSummary("Undo a change, or one entry of it")
            .WithDescription("Gives every item back what it was before. Refused where an item was changed again since, unless it is forced. An undo is a change like any other, and can be undone.")
            .RequireAuthorization(ApiScopes.FlagsWrite)
            .Accepts<FlagUndoRequest>(MediaTypeNames.Application.Json)
            .ReadsBody()
            .Produces<FlagChangeResponse>()
            .Refuses(ErrorCode.ResourceNotFound, ErrorCode.OperationNotAllowed);
        flags.MapPost("/off", OffAsync).WithName("TurnFlagsOff").WithSummary("Turn everything off at once")
            .WithDescription("Kills every flag, turns every switch off and sets every sample to 0. `changeId` undoes it.")
            .RequireAuthorization(ApiScopes.FlagsWrite)
            .Accepts<FlagsOffRequest>(MediaTypeNames.Application.Json)
            .ReadsBody()
            .Produces<FlagChangeResponse>();
    }

    private static async Task<IResult> ListAsync([AsParameters] FlagAuditQuery query, IFlagStore store, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        var filter = new FlagAuditFilter
        {
            Name = query.Name,
            Actor = query.Actor,
            Kind = FlagWords.Read<FlagItemKind>(query.Kind, "/kind", errors),
            Action = FlagWords.Read<FlagAction>(query.Action, "/action", errors),
            ChangeId = Id(query.Change, "/change", errors),
        };
        var after = Id(query.Cursor, "/cursor", errors);
        var limit = DefaultLimit;
        if (query.Limit is not null
            && !(int.TryParse(query.Limit, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is >= 1 and <= MaxLimit))
        {
            errors.Add("/limit", "out_of_range", $"The limit must be between 1 and {MaxLimit}.");
        }

        errors.ThrowIfAny();
        var page = await store.ListAuditAsync(filter, limit, after, cancellationToken);
        return TypedResults.Json(
            new FlagAuditResponse([.. page.Items.Select(FlagAuditItem.From)], page.Next?.ToString("N")), FlagJson.Options);
    }

    private static async Task<IResult> GetAsync(Guid id, IFlagStore store, CancellationToken cancellationToken) =>
        await store.FindAuditAsync(id, cancellationToken) is { } entry
            ? TypedResults.Json(FlagAuditItem.From(entry), FlagJson.Options)
            : throw ErrorException.NotFound("flag-change", id);

    private static async Task<IResult> UndoAsync(
        Guid id, HttpContext context, FlagEditing editing, IFlagStore store, CancellationToken cancellationToken)
    {
        var request = await FlagBody.ReadAsync<FlagUndoRequest>(context.Request, cancellationToken);
        return Changed(await store.UndoAsync(id, editing.Author(request.Reason), request.Force, cancellationToken));
    }

    private static async Task<IResult> OffAsync(HttpContext context, FlagEditing editing, IFlagStore store, CancellationToken cancellationToken)
    {
        var request = await FlagBody.ReadAsync<FlagsOffRequest>(context.Request, cancellationToken);
        if (string.IsNullOrWhiteSpace(request.Reason))
        {
            throw ErrorException.Validation(new FieldError("/reason", "required", "Say why."));
        }

        return Changed(await store.EditAsync(new FlagEdit(editing.Author(request.Reason), document => document.AllOff()), cancellationToken));
    }

    private static JsonHttpResult<FlagChangeResponse> Changed(FlagCommit commit) => TypedResults.Json(FlagChangeResponse.From(commit), FlagJson.Options);

    private static Guid? Id(string? text, string pointer, FieldErrors errors)
    {
        if (text is null)
        {
            return null;
        }

        if (!Guid.TryParse(text, out var id))
        {
            errors.Add(pointer, "invalid", "This is no id.");
        }

        return id;
    }
}

// Texts, so that one that does not fit is told as a field error.
internal sealed record FlagAuditQuery(
    [FromQuery(Name = "name")] string? Name,
    [FromQuery(Name = "kind")] string? Kind,
    [FromQuery(Name = "action")] string? Action,
    [FromQuery(Name = "actor")] string? Actor,
    [FromQuery(Name = "change")] string? Change,
    [FromQuery(Name = "limit")] string? Limit,
    [FromQuery(Name = "cursor")] string? Cursor);

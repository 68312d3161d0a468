using System.Net.Mime;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Platform.Api.Documentation;
using Platform.Api.Http;
using Platform.Errors;
using Platform.FeatureFlags;
using Platform.Identity;
using Platform.ServiceDefaults.Conditional;

namespace Platform.Api.FeatureFlags;

/// <summary>Flags, switches, samples and segments: one set of routes for each.</summary>
internal static class FlagEndpoints
{
    public static void MapFlags(this IEndpointRouteBuilder api)
    {
        var flags = api.MapGroup("/flags").WithTags("Flags");
        foreach (var kind in FlagKind.All)
        {
            Map(flags, kind);
        }

        flags.MapFlagEvaluation();
        flags.MapFlagAudit();
    }

    private static void Map(RouteGroupBuilder flags, FlagKind kind)
    {
        var noun = kind.Noun.ToLowerInvariant();
        var items = flags.MapGroup(kind.Path);
        items.MapGet("/", (HttpContext context, IFlagStore store, CancellationToken cancellationToken) => ListAsync(context, kind, store, cancellationToken))
            .WithName($"List{kind.Plural}").WithSummary($"List {kind.Plural.ToLowerInvariant()}")
            .RequireAuthorization(ApiScopes.FlagsRead)
            .WithMetadata(new ShowsTagMetadata())
            .Produces<FlagListResponse>();
        items.MapGet("/{name}", (string name, HttpContext context, IFlagStore store, CancellationToken cancellationToken) =>
                GetAsync(name, context, kind, store, cancellationToken))
            .WithName($"Get{kind.Noun}").WithSummary($"Get a {noun}, with its ETag")
            .RequireAuthorization(ApiScopes.FlagsRead)
            .WithMetadata(new ShowsTagMetadata())
            .Produces(200, kind.Body, MediaTypeNames.Application.Json)
            .Refuses(ErrorCode.ResourceNotFound);
        items.MapPost("/", ([FromQuery] string? reason, HttpContext context, FlagEditing editing, CancellationToken cancellationToken) =>
                CreateAsync(reason, context, kind, editing, cancellationToken))
            .WithName($"Create{kind.Noun}").WithSummary($"Create a {noun}")
            .RequireAuthorization(ApiScopes.FlagsWrite)
            .TakesDefinition(kind)
            .Produces(201, kind.Body, MediaTypeNames.Application.Json)
            .Refuses(ErrorCode.ResourceAlreadyExists);
        items.MapPut("/{name}", (string name, [FromQuery] string? reason, HttpContext context, FlagEditing editing, CancellationToken cancellationToken) =>
                PutAsync(name, reason, context, kind, editing, cancellationToken))
            .WithName($"Put{kind.Noun}").WithSummary($"Replace a {noun}")
            .WithDescription("Needs `If-Match` with the ETag that was read, or `If-None-Match: *` to create.")
            .RequireAuthorization(ApiScopes.FlagsWrite)
            .TakesDefinition(kind)
            .WithMetadata(new TakesTagMetadata(Creates: true))
            .Produces(200, kind.Body, MediaTypeNames.Application.Json)
            .Produces(201, kind.Body, MediaTypeNames.Application.Json)
            .Refuses(ErrorCode.ResourceNotFound, ErrorCode.PreconditionFailed, ErrorCode.PreconditionRequired);
        items.MapDelete("/{name}", (string name, [FromQuery] string? reason, HttpContext context, FlagEditing editing, CancellationToken cancellationToken) =>
                DeleteAsync(name, reason, context, kind, editing, cancellationToken))
            .WithName($"Delete{kind.Noun}").WithSummary($"Delete a {noun}")
            .WithDescription("Needs `If-Match` with the ETag that was read. Refused while others need it.")
            .RequireAuthorization(ApiScopes.FlagsWrite)
            .WithMetadata(new TakesTagMetadata(Creates: false))
            .Produces(204)
            .Refuses(ErrorCode.ResourceNotFound, ErrorCode.ValidationError, ErrorCode.PreconditionFailed, ErrorCode.PreconditionRequired);
    }

    private static RouteHandlerBuilder TakesDefinition(this RouteHandlerBuilder endpoint, FlagKind kind) =>
        endpoint.Accepts(kind.Body, MediaTypeNames.Application.Json).WithMetadata(new BodyLimitMetadata(FlagBody.MaxBytes)).ReadsBody();

    private static async Task<IResult> ListAsync(HttpContext context, FlagKind kind, IFlagStore store, CancellationToken cancellationToken)
    {
        var stored = await store.ReadAsync(cancellationToken);
        if (context.HasCopy(FlagTags.Of(stored.Version)))
        {
            return TypedResults.Empty;
        }

        var items = stored.Items.Where(item => item.Key.Kind == kind.Kind).OrderBy(item => item.Position).Select(FlagItemResponse.From);
        return TypedResults.Json(new FlagListResponse(stored.Version, [.. items]), FlagJson.Options);
    }

    private static async Task<IResult> GetAsync(string name, HttpContext context, FlagKind kind, IFlagStore store, CancellationToken cancellationToken)
    {
        var key = kind.Key(name);
        var item = (await store.ReadAsync(cancellationToken)).Find(key) ?? throw NotFound(key);
        return context.HasCopy(FlagTags.Of(item.Version))
            ? TypedResults.Empty
            : TypedResults.Text(item.Json, MediaTypeNames.Application.Json);
    }

    private static async Task<IResult> CreateAsync(
        string? reason, HttpContext context, FlagKind kind, FlagEditing editing, CancellationToken cancellationToken)
    {
        var definition = await kind.ReadAsync(context.Request, cancellationToken);
        var key = FlagKind.KeyOf(definition);
        RefuseReserved(key);
        return Created(context, kind, await editing.PutAsync(key, definition, expected: null, reason, cancellationToken));
    }

    private static async Task<IResult> PutAsync(
        string name, string? reason, HttpContext context, FlagKind kind, FlagEditing editing, CancellationToken cancellationToken)
    {
        var key = kind.Key(name);
        var current = await editing.FindAsync(key, cancellationToken);
        var expected = FlagTags.Expected(context.Request, current?.Version);
        var definition = await kind.ReadAsync(context.Request, cancellationToken);
        if (FlagKind.KeyOf(definition) != key)
        {
            throw ErrorException.Validation(new FieldError("/name", "invalid", "The name is not the one in the path. To rename, create a new one."));
        }

        if (current is null)
        {
            RefuseReserved(key);
        }

        var item = await editing.PutAsync(key, definition, expected, reason, cancellationToken);
        if (current is null)
        {
            return Created(context, kind, item);
        }

        context.Response.Headers.ETag = FlagTags.Of(item.Version);
        return TypedResults.Text(item.Json, MediaTypeNames.Application.Json);
    }

    private static async Task<IResult> DeleteAsync(
        string name, string? reason, HttpContext context, FlagKind kind, FlagEditing editing, CancellationToken cancellationToken)
    {
        var key = kind.Key(name);
        var current = await editing.FindAsync(key, cancellationToken) ?? throw NotFound(key);
        await editing.DeleteAsync(key, FlagTags.Expected(context.Request, current.Version), reason, cancellationToken);
        return TypedResults.NoContent();
    }

    private static ContentHttpResult Created(HttpContext context, FlagKind kind, FlagItem item)
    {
        context.Response.Headers.ETag = FlagTags.Of(item.Version);
        context.Response.Headers.Location = kind.PathOf(item.Key);
        return TypedResults.Text(item.Json, MediaTypeNames.Application.Json, statusCode: StatusCodes.Status201Created);
    }

    private static void RefuseReserved(FlagKey key)
    {
        if (key.Kind == FlagItemKind.Flag && FlagKind.Reserved.Contains(key.Name))
        {
            throw ErrorException.Validation(new FieldError("/name", "invalid", "The name is a path of this interface."));
        }
    }

    private static ErrorException NotFound(FlagKey key) => ErrorException.NotFound(FlagWords.Of(key.Kind), key.Name);
}

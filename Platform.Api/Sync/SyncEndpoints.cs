using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;
using Platform.Api.Documentation;
using Platform.Errors;
using Platform.Identity;
using Platform.ServiceDefaults.Compression;
using Platform.ServiceDefaults.Idempotency;

namespace Platform.Api.Sync;

internal static class SyncEndpoints
{
    private const int MaxLimit = 500;
    private const int DefaultLimit = 100;
    private const int MaxWaitSeconds = 20;

    public static void AddSync(this IServiceCollection services)
    {
        services.AddScoped<SyncResources>();
        services.AddScoped<SyncFeed>();
        services.AddScoped<OfflineChanges>();
        services.AddSingleton<SyncStreams>();
        services.AddOptions<SyncOptions>().BindConfiguration(SyncOptions.Section).ValidateDataAnnotations().ValidateOnStart();
    }

    public static void MapSync(this IEndpointRouteBuilder api)
    {
        var sync = api.MapGroup("/sync").WithTags("Sync");
        sync.MapGet("/", ReadAsync).WithName("Sync").WithSummary("Get what changed since a cursor")
            .WithDescription("Without a cursor everything there is, page by page; then what changes, deletions included. With `wait` an answer without changes is held back for so many seconds.")
            .RequireAuthorization(ApiScopes.CatalogRead, ApiScopes.OrdersRead)
            .Compresses()
            .Refuses(ErrorCode.ValidationError, ErrorCode.ResourceGone);
        sync.MapGet("/stream", StreamAsync).WithName("StreamChanges").WithSummary("Hear what changes since a cursor, as it happens")
            .WithDescription("Server-sent events: `event: changes` with the body that `GET /api/v1/sync` would have, `id` being its cursor. Who comes back with `Last-Event-ID` "
                + "misses nothing. A stream ends with the token that it was asked for with, and after a while: come back.")
            .RequireAuthorization(ApiScopes.CatalogRead, ApiScopes.OrdersRead)
            .WithMetadata(new DisableRequestTimeoutAttribute())
            .Produces<string>(StatusCodes.Status200OK, "text/event-stream")
            .Refuses(ErrorCode.ValidationError, ErrorCode.ResourceGone);
        sync.MapPost("/", UploadAsync).WithName("UploadChanges").WithSummary("Hand in what was changed offline")
            .WithDescription("Each change is applied once, however often it is sent; to another version than its baseVersion it is a conflict, and both versions come back.")
            .RequireAuthorization(ApiScopes.CatalogWrite, ApiScopes.OrdersWrite)
            .ReadsBody();
    }

    private static async Task<Ok<SyncResponse>> ReadAsync(
        [FromQuery(Name = "cursor")] string? cursor,
        [FromQuery(Name = "limit")] string? limit,
        [FromQuery(Name = "wait")] string? wait,
        HttpContext http,
        SyncFeed feed,
        CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        var most = Limit(limit, errors);
        var seconds = Number(wait, 0);
        if (seconds is < 0 or > MaxWaitSeconds)
        {
            errors.Add("/wait", "out_of_range", $"It is waited for 0 to {MaxWaitSeconds} seconds.");
        }

        var from = feed.Open(cursor, errors);
        errors.ThrowIfAny();
        http.Response.Headers.CacheControl = "no-store";
        try
        {
            return TypedResults.Ok((await feed.ReadAsync(from, most, TimeSpan.FromSeconds(seconds), cancellationToken)).Answer);
        }
        catch (ErrorException gone) when (gone.Code == ErrorCode.ResourceGone)
        {
            LeadToStart(http);
            throw;
        }
    }

    private static async Task StreamAsync(
        [FromQuery(Name = "cursor")] string? cursor,
        [FromQuery(Name = "limit")] string? limit,
        [FromHeader(Name = "Last-Event-ID")] string? lastEventId,
        HttpContext http,
        SyncStreams streams,
        SyncFeed feed)
    {
        var errors = new FieldErrors();
        var most = Limit(limit, errors);
        var from = feed.Open(string.IsNullOrEmpty(lastEventId) ? cursor : lastEventId, errors);
        errors.ThrowIfAny();
        http.Response.Headers.CacheControl = "no-store";
        try
        {
            await streams.ServeAsync(http, Caller(http), from, most, feed);
        }
        catch (ErrorException gone) when (gone.Code == ErrorCode.ResourceGone)
        {
            LeadToStart(http);
            throw;
        }
    }

    private static async Task<Ok<SyncUploadResponse>> UploadAsync(
        SyncUpload upload, HttpContext http, OfflineChanges changes, CancellationToken cancellationToken)
    {
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(await changes.ApplyAsync(Caller(http), upload, cancellationToken));
    }

    private static string Caller(HttpContext http) => IdempotencyExtensions.Caller(http.User)
        ?? throw new ErrorException(ErrorCode.Forbidden, "Changes belong to a client that is known.");

    private static void LeadToStart(HttpContext http) => http.Response.Headers[HeaderNames.Link] = "</api/v1/sync>; rel=\"start\"";

    private static int Limit(string? text, FieldErrors errors)
    {
        var limit = Number(text, DefaultLimit);
        if (limit is < 1 or > MaxLimit)
        {
            errors.Add("/limit", "out_of_range", $"A page has 1 to {MaxLimit} changes.");
        }

        return limit;
    }

    private static int Number(string? text, int otherwise) =>
        text is null ? otherwise : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
}

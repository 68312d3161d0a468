using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Platform.Api.Documentation;
using Platform.Audit;
using Platform.Errors;
using Platform.Identity;
using Platform.Logging;
using Platform.ServiceDefaults.Conditional;

namespace Platform.Api.Logging;

internal static class LogLevelEndpoints
{
    private const string Nobody = "unknown";

    public static void MapLogLevels(this IEndpointRouteBuilder api)
    {
        var levels = api.MapGroup("/logging/levels").WithTags("Logging");

        levels.MapGet("/", ListAsync).WithName("ListLogLevels").WithSummary("List the log levels that operators set")
            .RequireAuthorization(ApiScopes.Operate)
            .WithBodyTag();
        levels.MapPut("/", SetAsync).WithName("SetLogLevel").WithSummary("Set the log level of a category for a while")
            .WithDescription("It goes before the configuration, in every replica of every host within some seconds, and ends by itself.")
            .RequireAuthorization(ApiScopes.Operate)
            .ReadsBody();
        levels.MapDelete("/", UnsetAsync).WithName("UnsetLogLevel").WithSummary("Go back to the configured log level of a category")
            .RequireAuthorization(ApiScopes.Operate)
            .Refuses(ErrorCode.ValidationError, ErrorCode.ResourceNotFound);
    }

    private static async Task<Ok<LogLevelListResponse>> ListAsync(ILogLevelStore store, CancellationToken cancellationToken) =>
        TypedResults.Ok(new LogLevelListResponse([.. (await store.ReadAsync(cancellationToken)).Select(LogLevelResponse.From)]));

    private static async Task<Ok<LogLevelResponse>> SetAsync(
        LogLevelRequest request,
        ICallerAccessor caller,
        ILogLevelStore store,
        LogLevels levels,
        IAuditTrail audit,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var rule = request.Check(caller.Current.Subject ?? Nobody, time.GetUtcNow());
        await store.SetAsync(rule, cancellationToken);
        await audit.RecordAloneAsync(
            new AuditEvent("logging.level_set", $"log:{rule.Category}", Reason: $"{rule.Level} until {rule.Until:u}: {rule.Reason}"), cancellationToken);
        levels.Take(await store.ReadAsync(cancellationToken));
        return TypedResults.Ok(LogLevelResponse.From(rule));
    }

    private static async Task<NoContent> UnsetAsync(
        [FromQuery] string category,
        [FromQuery, MaxLength(LogLevelRequest.ReasonMaxLength)] string reason,
        ILogLevelStore store,
        LogLevels levels,
        IAuditTrail audit,
        CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        var why = errors.Text("/reason", reason, LogLevelRequest.ReasonMaxLength);
        errors.ThrowIfAny();
        if (!LogLevels.IsCategory(category) || !await store.UnsetAsync(category, cancellationToken))
        {
            throw ErrorException.NotFound("log level", category);
        }

        await audit.RecordAloneAsync(new AuditEvent("logging.level_unset", $"log:{category}", Reason: why), cancellationToken);
        levels.Take(await store.ReadAsync(cancellationToken));
        return TypedResults.NoContent();
    }
}

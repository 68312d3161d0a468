using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Platform.Api.Documentation;
using Platform.Audit;
using Platform.Errors;
using Platform.Identity;
using Platform.Resilience;
using Platform.ServiceDefaults.Conditional;

namespace Platform.Api.Breakers;

internal static class BreakerEndpoints
{
    private const string Nobody = "unknown";
    private const int MaxItems = 200;

    public static void MapBreakers(this IEndpointRouteBuilder api)
    {
        var breakers = api.MapGroup("/breakers").WithTags("Breakers");

        breakers.MapGet("/", ListAsync).WithName("ListBreakers").WithSummary("Show the breakers of all replicas")
            .RequireAuthorization(ApiScopes.Operate)
            .WithBodyTag();
        breakers.MapGet("/commands", CommandsAsync).WithName("ListBreakerCommands").WithSummary("List what operators told breakers, the newest first")
            .RequireAuthorization(ApiScopes.Operate)
            .WithBodyTag();
        Order(breakers, "open", "OpenBreaker", "Hold a breaker open", "Every replica refuses its calls within a second or two, until it is closed or reset.");
        Order(breakers, "close", "CloseBreaker", "Hold a breaker closed", "Every replica makes its calls, however many fail, until it is reset.");
        Order(breakers, "reset", "ResetBreaker", "Let a breaker decide by itself again", "It closes and forgets what failed.");
        breakers.MapPut("/{name}/options", ConfigureAsync).WithName("ConfigureBreaker").WithSummary("Set when a breaker opens")
            .WithDescription("It goes before the configuration, in every replica within a second or two.")
            .RequireAuthorization(ApiScopes.Operate)
            .ReadsBody()
            .Refuses(ErrorCode.ResourceNotFound);
        breakers.MapDelete("/{name}/options", UnconfigureAsync).WithName("UnconfigureBreaker").WithSummary("Go back to the configured options of a breaker")
            .RequireAuthorization(ApiScopes.Operate)
            .Refuses(ErrorCode.ValidationError, ErrorCode.ResourceNotFound);
    }

    private static void Order(RouteGroupBuilder breakers, string verb, string name, string summary, string description) =>
        breakers.MapPost(
                $"/{{name}}/{verb}",
                async Task<NoContent> (string name, BreakerOrderRequest request, ICallerAccessor caller, IBreakerBoard board, IAuditTrail audit, TimeProvider time, CancellationToken cancellationToken) =>
                {
                    var reason = BreakerOrderRequest.Check(request.Reason);
                    await CommandAsync(new(Known(name), verb, null, caller.Current.Subject ?? Nobody, reason, time.GetUtcNow()), board, audit, cancellationToken);
                    return TypedResults.NoContent();
                })
            .WithName(name).WithSummary(summary).WithDescription(description)
            .RequireAuthorization(ApiScopes.Operate)
            .ReadsBody()
            .Refuses(ErrorCode.ResourceNotFound);

    private static async Task<Ok<BreakerListResponse>> ListAsync(IBreakerBoard board, CancellationToken cancellationToken) =>
        TypedResults.Ok(new BreakerListResponse(BreakerResponse.From(await board.ReadAsync(cancellationToken))));

    private static async Task<Ok<BreakerCommandListResponse>> CommandsAsync(IBreakerBoard board, CancellationToken cancellationToken) =>
        TypedResults.Ok(new BreakerCommandListResponse([.. (await board.CommandsAsync(MaxItems, cancellationToken)).Select(BreakerCommandResponse.From)]));

    private static async Task<NoContent> ConfigureAsync(
        string name, BreakerOptionsRequest request, ICallerAccessor caller, IBreakerBoard board, IAuditTrail audit, CircuitBreakers breakers, TimeProvider time, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        var reason = BreakerOrderRequest.Check(request.Reason, errors);
        var set = (await board.ReadAsync(cancellationToken)).Options.GetValueOrDefault(Known(name));
        var options = request.Over(set ?? breakers.OptionsOf(name), errors);
        await CommandAsync(new(name, "configure", options, caller.Current.Subject ?? Nobody, reason!, time.GetUtcNow()), board, audit, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> UnconfigureAsync(
        string name, [FromQuery] string reason, ICallerAccessor caller, IBreakerBoard board, IAuditTrail audit, TimeProvider time, CancellationToken cancellationToken)
    {
        var why = BreakerOrderRequest.Check(reason);
        await CommandAsync(new(Known(name), "unconfigure", null, caller.Current.Subject ?? Nobody, why, time.GetUtcNow()), board, audit, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task CommandAsync(BreakerCommand command, IBreakerBoard board, IAuditTrail audit, CancellationToken cancellationToken)
    {
        await board.CommandAsync(command, cancellationToken);
        await audit.RecordAloneAsync(new AuditEvent($"breakers.{command.Verb}", $"breaker:{command.Breaker}", Reason: command.Reason), cancellationToken);
    }

    private static string Known(string name) => CircuitBreakers.IsName(name) ? name : throw ErrorException.NotFound("breaker", name);
}

using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Api.Documentation;
using Platform.Errors;
using Platform.Identity;
using Platform.Messaging;
using Platform.Messaging.Jobs;
using Platform.ServiceDefaults.Conditional;

namespace Platform.Api.Messaging;

/// <summary>What waits, what runs, and where: for operators.</summary>
internal static class MessagingEndpoints
{
    private const int MaxReason = 1000;

    public static void MapMessaging(this IEndpointRouteBuilder api)
    {
        api.MapDeadLetters();
        var messaging = api.MapGroup("/messaging").WithTags("Messaging");

        messaging.MapGet("/subscriptions", SubscriptionsAsync).WithName("ListSubscriptions").WithSummary("List subscriptions with what waits for them")
            .RequireAuthorization(ApiScopes.Operate)
            .WithBodyTag();
        messaging.MapGet("/subscriptions/{name}/lanes", LanesAsync).WithName("ListSubscriptionLanes").WithSummary("List the lanes of a subscription with their owners")
            .RequireAuthorization(ApiScopes.Operate)
            .WithBodyTag()
            .Refuses(ErrorCode.ResourceNotFound);
        messaging.MapPost("/subscriptions/{name}/replay", ReplayAsync).WithName("ReplaySubscription").WithSummary("Have a subscription handle the log again from a time on")
            .WithDescription("Its inbox forgets these events, so their effects come a second time. Deferred events and dead letters stay as they are.")
            .RequireAuthorization(ApiScopes.Operate)
            .ReadsBody()
            .Refuses(ErrorCode.ResourceNotFound);
        messaging.MapGet("/jobs", JobsAsync).WithName("ListJobs").WithSummary("List recurring jobs with their last and next run")
            .RequireAuthorization(ApiScopes.Operate)
            .WithBodyTag();
        messaging.MapPost("/jobs/{name}/run", RunAsync).WithName("RunJob").WithSummary("Make a recurring job due now")
            .RequireAuthorization(ApiScopes.Operate)
            .Refuses(ErrorCode.ResourceNotFound);
    }

    private static async Task<Ok<SubscriptionsResponse>> SubscriptionsAsync(ISubscriptions subscriptions, CancellationToken cancellationToken) =>
        TypedResults.Ok(new SubscriptionsResponse([.. (await subscriptions.ListAsync(cancellationToken)).Select(SubscriptionResponse.From)]));

    private static async Task<Ok<LanesResponse>> LanesAsync(string name, ISubscriptions subscriptions, CancellationToken cancellationToken) =>
        await subscriptions.LanesAsync(Known("subscription", name), cancellationToken) is { Count: > 0 } lanes
            ? TypedResults.Ok(new LanesResponse([.. lanes.Select(LaneResponse.From)]))
            : throw ErrorException.NotFound("subscription", name);

    private static async Task<Ok<SubscriptionReplayResponse>> ReplayAsync(
        string name, SubscriptionReplayRequest request, ISubscriptions subscriptions, ICallerAccessor caller, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        if (request.From is null)
        {
            errors.Add("/from", "required", "A value is required.");
        }

        var reason = request.Reason is null ? null : errors.Text("/reason", request.Reason, MaxReason);
        errors.ThrowIfAny();
        return TypedResults.Ok(new SubscriptionReplayResponse(
            await subscriptions.ReplayAsync(Known("subscription", name), request.From!.Value, By(caller, reason), cancellationToken)));
    }

    private static async Task<Ok<JobsResponse>> JobsAsync(IRecurringJobs jobs, CancellationToken cancellationToken) =>
        TypedResults.Ok(new JobsResponse([.. (await jobs.ListAsync(cancellationToken)).Select(JobResponse.From)]));

    private static async Task<Accepted> RunAsync(string name, IRecurringJobs jobs, ICallerAccessor caller, CancellationToken cancellationToken)
    {
        await jobs.RunNowAsync(Known("job", name), By(caller, null), cancellationToken);
        return TypedResults.Accepted((string?)null);
    }

    private static OperatorAction By(ICallerAccessor caller, string? reason) => new(caller.Current.Subject ?? "unknown", reason ?? "");

    // Of a name that cannot be one, there is nothing.
    private static string Known(string what, string name) =>
        name.Contains('\0', StringComparison.Ordinal) ? throw ErrorException.NotFound(what, name) : name;
}

using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Api.Documentation;
using Platform.Errors;
using Platform.FeatureFlags;
using Platform.FeatureFlags.Plans;
using Platform.Identity;
using Platform.ServiceDefaults.Conditional;

namespace Platform.Api.FeatureFlags;

/// <summary>Metadata, plans, impact and hygiene of flags.</summary>
internal static class FlagPlanEndpoints
{
    private const int DefaultDays = 30;
    private const int MaxDays = 3_650;

    public static void MapFlagPlans(this IEndpointRouteBuilder api)
    {
        var flags = api.MapGroup("/flags").WithTags("Flags");
        flags.MapGet("/stale", StaleAsync).WithName("ListStaleFlags").WithSummary("List flags to clean up")
            .WithDescription("Not asked, or on for everybody, for `days` days (30 by default), or past their date.")
            .RequireAuthorization(ApiScopes.FlagsRead)
            .WithBodyTag()
            .Refuses(ErrorCode.ValidationError);
        flags.MapGet("/{name}/metadata", FindAsync).WithName("GetFlagMetadata").WithSummary("Get owner, plan and state of a flag")
            .RequireAuthorization(ApiScopes.FlagsRead)
            .WithBodyTag()
            .Refuses(ErrorCode.ResourceNotFound);
        flags.MapPut("/{name}/metadata", SetAsync).WithName("SetFlagMetadata").WithSummary("Set owner, description, ticket, expiry and deployment of a flag")
            .RequireAuthorization(ApiScopes.FlagsWrite)
            .ReadsBody()
            .Refuses(ErrorCode.ResourceNotFound);
        flags.MapGet("/{name}/impact", ImpactAsync).WithName("GetFlagImpact").WithSummary("Get what callers with and without a flag met")
            .WithDescription("How often the flag was asked, answers by endpoint and variant, and whether callers come in the shares of the plan's stage: where `sampleRatio.mismatch` is true, one side keeps callers away, and the comparison is not to be believed.")
            .RequireAuthorization(ApiScopes.FlagsRead)
            .WithBodyTag()
            .Refuses(ErrorCode.ResourceNotFound);
        flags.MapPut("/{name}/plan", PlanAsync).WithName("SetFlagPlan").WithSummary("Set the rollout plan of a flag")
            .RequireAuthorization(ApiScopes.FlagsWrite)
            .ReadsBody()
            .Refuses(ErrorCode.ResourceNotFound, ErrorCode.OperationNotAllowed);
        MapCommand("start", RolloutCommand.Start, "StartFlagPlan", "Start the plan of a flag at its first stage");
        MapCommand("pause", RolloutCommand.Pause, "PauseFlagPlan", "Stop the plan of a flag where it is");
        MapCommand("resume", RolloutCommand.Resume, "ResumeFlagPlan", "Let a paused plan go on");
        MapCommand("rollback", RolloutCommand.RollBack, "RollBackFlagPlan", "Give a flag back the percentage that it had before its plan");

        void MapCommand(string path, RolloutCommand command, string name, string summary) => flags
            .MapPost($"/{{name}}/plan/{path}", (string name, FlagReasonRequest request, ICallerAccessor callers, IFlagPlans plans, CancellationToken cancellationToken) =>
                CommandAsync(name, command, request, callers, plans, cancellationToken))
            .WithName(name)
            .WithSummary(summary)
            .RequireAuthorization(ApiScopes.FlagsWrite)
            .ReadsBody()
            .Refuses(ErrorCode.ResourceNotFound, ErrorCode.OperationNotAllowed);
    }

    private static async Task<Ok<StaleFlagsResponse>> StaleAsync(string? days, IFlagPlans plans, CancellationToken cancellationToken)
    {
        var number = DefaultDays;
        if (days is not null && (!int.TryParse(days, System.Globalization.CultureInfo.InvariantCulture, out number) || number is < 1 or > MaxDays))
        {
            throw ErrorException.Validation(new FieldError("/days", "out_of_range", $"A number of days from 1 to {MaxDays} is needed."));
        }

        var stale = await plans.FindStaleAsync(TimeSpan.FromDays(number), cancellationToken);
        return TypedResults.Ok(new StaleFlagsResponse([.. stale.Select(StaleFlagResponse.From)]));
    }

    private static async Task<Ok<FlagRecordResponse>> FindAsync(string name, IFlagPlans plans, CancellationToken cancellationToken) =>
        TypedResults.Ok(FlagRecordResponse.From(await plans.FindAsync(FlagKind.NameOf(name), cancellationToken) ?? throw ErrorException.NotFound("flag", name)));

    private static async Task<Ok<FlagRecordResponse>> SetAsync(
        string name, FlagMetadataRequest request, IFlagPlans plans, CancellationToken cancellationToken) =>
        TypedResults.Ok(FlagRecordResponse.From(await plans.SetMetadataAsync(FlagKind.NameOf(name), request.ToMetadata(), cancellationToken)));

    private static async Task<Ok<FlagImpactResponse>> ImpactAsync(string name, IFlagPlans plans, CancellationToken cancellationToken) =>
        TypedResults.Ok(FlagImpactResponse.From(
            await plans.MeasureAsync(FlagKind.NameOf(name), cancellationToken) ?? throw ErrorException.NotFound("flag", name)));

    private static async Task<Ok<FlagRecordResponse>> PlanAsync(
        string name, RolloutPlanBody request, IFlagPlans plans, CancellationToken cancellationToken) =>
        TypedResults.Ok(FlagRecordResponse.From(await plans.SetPlanAsync(FlagKind.NameOf(name), request.ToPlan(), cancellationToken)));

    private static async Task<Ok<FlagRecordResponse>> CommandAsync(
        string name, RolloutCommand command, FlagReasonRequest request, ICallerAccessor callers, IFlagPlans plans, CancellationToken cancellationToken)
    {
        var author = new FlagAuthor(callers.Current.Subject ?? "anonymous", request.Reason?.Trim() ?? "");
        return TypedResults.Ok(FlagRecordResponse.From(await plans.CommandAsync(FlagKind.NameOf(name), command, author, cancellationToken)));
    }
}

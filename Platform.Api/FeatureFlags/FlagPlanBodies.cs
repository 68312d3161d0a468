using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Platform.Errors;
using Platform.FeatureFlags.Plans;

namespace Platform.Api.FeatureFlags;

/// <summary>Says why something is done.</summary>
/// <param name="Reason">At most 2,000 characters; stands in the audit.</param>
internal sealed record FlagReasonRequest([property: MaxLength(2_000)] string? Reason = null);

/// <summary>What people want to know of a flag. What is absent becomes empty.</summary>
/// <param name="Owner">Who answers for it, at most 200 characters.</param>
/// <param name="Description">What it is for, at most 10,000 characters.</param>
/// <param name="Ticket">Where the work is tracked, at most 200 characters.</param>
/// <param name="ExpiresAt">When it is to be gone.</param>
/// <param name="Deployment">Commit, release, environment and the like; at most 10,000 characters of JSON.</param>
internal sealed record FlagMetadataRequest(
    [property: MaxLength(200)] string? Owner = null,
    [property: MaxLength(10_000)] string? Description = null,
    [property: MaxLength(200)] string? Ticket = null,
    DateTimeOffset? ExpiresAt = null,
    JsonElement? Deployment = null)
{
    public FlagMetadata ToMetadata()
    {
        var errors = new FieldErrors();
        var metadata = new FlagMetadata
        {
            Owner = errors.Text("/owner", Owner, 200, required: false) ?? "",
            Description = errors.Text("/description", Description?.ReplaceLineEndings(" "), 10_000, required: false) ?? "",
            Ticket = errors.Text("/ticket", Ticket, 200, required: false) ?? "",
            ExpiresAt = ExpiresAt,
            Deployment = Deployment,
        };
        if (Deployment is { } deployment && (deployment.ValueKind != JsonValueKind.Object || deployment.GetRawText().Length > 10_000))
        {
            errors.Add("/deployment", "invalid", "An object of at most 10000 characters is needed.");
        }

        errors.ThrowIfAny();
        return metadata;
    }
}

/// <summary>How a flag goes from nobody to everybody.</summary>
/// <param name="Stages">1 to 20, with growing percentages; 0, 5, 25 and 100 percent for an hour each by default.</param>
/// <param name="Guards">What must not get worse, up to 10.</param>
/// <param name="FalseStopRate">The chance that a plan is stopped though nothing gets worse; 0.005 by default.</param>
internal sealed record RolloutPlanBody(
    IReadOnlyList<RolloutStageBody>? Stages = null, IReadOnlyList<GuardBody>? Guards = null, double? FalseStopRate = null)
{
    public static RolloutPlanBody From(RolloutPlan plan) => new(
        [.. plan.Stages.Select(stage => new RolloutStageBody(stage.Percent, (long)stage.Hold.TotalSeconds))],
        [.. plan.Guards.Select(guard => new GuardBody(guard.Kind == GuardKind.P95 ? "p95" : "errorRate", guard.Endpoints, guard.Limit, guard.Compares, guard.Scope == GuardScope.Endpoint ? "endpoint" : "callers"))],
        plan.FalseStopRate);

    public RolloutPlan ToPlan()
    {
        var errors = new FieldErrors();
        var plan = new RolloutPlan();
        plan = plan with
        {
            Stages = Stages is null ? plan.Stages : [.. Stages.Select(stage => new RolloutStage(
                stage?.Percent ?? -1, TimeSpan.FromSeconds(Math.Clamp(stage?.HoldSeconds ?? 0, 0, int.MaxValue))))],
            Guards = Guards is null ? [] : [.. Guards.Select((guard, index) => ToGuard(guard, index, errors))],
            FalseStopRate = FalseStopRate ?? plan.FalseStopRate,
        };
        errors.ThrowIfAny();
        return plan;
    }

    private static GuardCondition ToGuard(GuardBody? guard, int index, FieldErrors errors)
    {
        if (guard?.Kind is not ("errorRate" or "p95"))
        {
            errors.Add($"/guards/{index}/kind", "invalid", "A guard is of the kind errorRate or p95.");
        }

        if (guard?.Scope is not (null or "callers" or "endpoint"))
        {
            errors.Add($"/guards/{index}/scope", "invalid", "A guard looks at callers or at the endpoint.");
        }

        return new GuardCondition
        {
            Scope = guard?.Scope == "endpoint" ? GuardScope.Endpoint : GuardScope.Callers,
            Kind = guard?.Kind == "p95" ? GuardKind.P95 : GuardKind.ErrorRate,
            Endpoints = [.. (guard?.Endpoints ?? []).Select(endpoint => endpoint ?? "")],
            Limit = guard?.Limit,
            Compares = guard?.Compares ?? true,
        };
    }
}

/// <summary>One stage.</summary>
/// <param name="Percent">Percent of callers, 0 to 100. Required.</param>
/// <param name="HoldSeconds">How long it is in force at least. Required.</param>
internal sealed record RolloutStageBody(decimal? Percent, long? HoldSeconds);

/// <summary>What must not get worse.</summary>
/// <param name="Kind"><c>errorRate</c> or <c>p95</c>. Required.</param>
/// <param name="Endpoints">As <c>GET /api/v1/orders/{id:guid}</c>, 1 to 20. Required.</param>
/// <param name="Limit">A share of errors, or milliseconds; <c>p95</c> needs it.</param>
/// <param name="Compares">Compares callers with the flag to those without; true by default.</param>
/// <param name="Scope"><c>callers</c> by default; <c>endpoint</c> looks at everybody there, as the budgets measure it, and needs a limit.</param>
internal sealed record GuardBody(
    string? Kind, IReadOnlyList<string>? Endpoints, double? Limit = null, bool? Compares = null, string? Scope = null);

/// <summary>Where a plan stands.</summary>
/// <param name="Status"><c>idle</c>, <c>running</c>, <c>paused</c>, <c>rolledBack</c> or <c>completed</c>.</param>
/// <param name="Stage">The stage in force, from 1.</param>
/// <param name="StageStartedAt">Since when.</param>
/// <param name="Reason">What was last done, and why.</param>
internal sealed record RolloutStateResponse(string Status, int? Stage, DateTimeOffset? StageStartedAt, string Reason)
{
    public static RolloutStateResponse From(RolloutState state) => new(
        JsonNamingPolicy.CamelCase.ConvertName(state.Status.ToString()), state.Stage + 1, state.StageStartedAt, state.Reason);
}

/// <summary>What is known of a flag besides its rules.</summary>
/// <param name="Name">The flag.</param>
/// <param name="Owner">Who answers for it.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Ticket">Where the work is tracked.</param>
/// <param name="ExpiresAt">When it is to be gone.</param>
/// <param name="Deployment">Commit, release, environment and the like.</param>
/// <param name="Plan">Its rollout plan, if it has one.</param>
/// <param name="Rollout">Where the plan stands.</param>
/// <param name="LastEvaluatedAt">When it was asked last.</param>
/// <param name="FullyOnSince">Since when it is on for everybody.</param>
internal sealed record FlagRecordResponse(
    string Name,
    string Owner,
    string Description,
    string Ticket,
    DateTimeOffset? ExpiresAt,
    JsonElement? Deployment,
    RolloutPlanBody? Plan,
    RolloutStateResponse Rollout,
    DateTimeOffset? LastEvaluatedAt,
    DateTimeOffset? FullyOnSince)
{
    public static FlagRecordResponse From(FlagRecord record) => new(
        record.Name,
        record.Metadata.Owner,
        record.Metadata.Description,
        record.Metadata.Ticket,
        record.Metadata.ExpiresAt,
        record.Metadata.Deployment,
        record.Plan is { } plan ? RolloutPlanBody.From(plan) : null,
        RolloutStateResponse.From(record.State),
        record.LastEvaluatedAt,
        record.FullyOnSince);
}

/// <summary>Flags to clean up.</summary>
/// <param name="Items">By name.</param>
internal sealed record StaleFlagsResponse(IReadOnlyList<StaleFlagResponse> Items);

/// <summary>A flag to clean up.</summary>
/// <param name="Name">The flag.</param>
/// <param name="Owner">Who answers for it.</param>
/// <param name="Reason"><c>notEvaluated</c>, <c>fullyOn</c> or <c>expired</c>.</param>
/// <param name="Since">Since when that is so.</param>
internal sealed record StaleFlagResponse(string Name, string Owner, string Reason, DateTimeOffset Since)
{
    public static StaleFlagResponse From(StaleFlag flag) =>
        new(flag.Name, flag.Owner, JsonNamingPolicy.CamelCase.ConvertName(flag.Reason.ToString()), flag.Since);
}

/// <summary>What is measured of a flag.</summary>
/// <param name="Evaluations">How often it was asked, in all hosts.</param>
/// <param name="Items">What callers met: one for each endpoint and answer.</param>
/// <param name="SampleRatio">Whether callers come in the shares of the stage that its plan is at, if it is at one.</param>
internal sealed record FlagImpactResponse(long Evaluations, IReadOnlyList<FlagImpactItem> Items, SampleRatioResponse? SampleRatio)
{
    public static FlagImpactResponse From(FlagImpactReport report) => new(
        report.Evaluations, [.. report.Items.Select(FlagImpactItem.From)], report.SampleRatio is { } ratio ? SampleRatioResponse.From(ratio) : null);
}

/// <summary>Callers that a percentage decided about, beside the shares that they should come in.</summary>
/// <param name="Arms">By answer.</param>
/// <param name="PValue">The chance of shares this far off where nothing is wrong (chi-square); null with too few callers.</param>
/// <param name="Mismatch">That chance is below 0.001: one of the answers keeps callers away, or brings them.</param>
internal sealed record SampleRatioResponse(IReadOnlyList<SampleRatioArm> Arms, double? PValue, bool Mismatch)
{
    public static SampleRatioResponse From(SampleRatio ratio) => new(ratio.Arms, ratio.PValue, ratio.IsMismatch);
}

/// <summary>What callers with one answer of a flag met at one endpoint.</summary>
/// <param name="Endpoint">Method and route.</param>
/// <param name="Arm"><c>on</c>, <c>off</c>, or <c>on:</c> and the variant.</param>
/// <param name="Exposures">Answers given.</param>
/// <param name="Errors">Those of 500 and more.</param>
/// <param name="P95Milliseconds">The bound within which 95 of 100 were given; null over the largest.</param>
internal sealed record FlagImpactItem(string Endpoint, string Arm, long Exposures, long Errors, int? P95Milliseconds)
{
    public static FlagImpactItem From(FlagImpact impact) => new(impact.Endpoint, impact.Arm, impact.Exposures, impact.Errors, impact.P95Milliseconds);
}

using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Platform.Api.Documentation;
using Platform.Audit;
using Platform.Budgets;
using Platform.Errors;
using Platform.Identity;
using Platform.ServiceDefaults.Conditional;

namespace Platform.Api.Budgets;

internal static class BudgetEndpoints
{
    private const string Nobody = "unknown";
    private const int MaxItems = 200;
    private const int MaxMinutes = 30 * 24 * 60;

    public static void MapBudgets(this IEndpointRouteBuilder api)
    {
        var budgets = api.MapGroup("/budgets").WithTags("Budgets");

        budgets.MapGet("/", ListAsync).WithName("ListBudgets").WithSummary("Show how every route stands against its budget")
            .WithDescription("Over all replicas; what they measured up to some 10 seconds ago.")
            .RequireAuthorization(ApiScopes.Operate)
            .WithBodyTag()
            .Refuses(ErrorCode.ValidationError);
        budgets.MapGet("/history", HistoryAsync).WithName("GetBudgetHistory").WithSummary("Show what a route did over time")
            .RequireAuthorization(ApiScopes.Operate)
            .WithBodyTag()
            .Refuses(ErrorCode.ValidationError);
        budgets.MapGet("/violations", ViolationsAsync).WithName("ListBudgetViolations").WithSummary("List bounds that were broken, the newest first")
            .RequireAuthorization(ApiScopes.Operate)
            .WithBodyTag()
            .Refuses(ErrorCode.ValidationError);
        budgets.MapGet("/changes", ChangesAsync).WithName("ListBudgetChanges").WithSummary("List what operators changed, the newest first")
            .RequireAuthorization(ApiScopes.Operate)
            .WithBodyTag();
        budgets.MapPut("/", SetAsync).WithName("SetBudget").WithSummary("Set the budget of a route")
            .WithDescription("It goes before the configuration, in every replica within some 10 seconds.")
            .RequireAuthorization(ApiScopes.Operate)
            .ReadsBody();
        budgets.MapDelete("/", UnsetAsync).WithName("UnsetBudget").WithSummary("Go back to the configured budget of a route")
            .RequireAuthorization(ApiScopes.Operate)
            .Refuses(ErrorCode.ValidationError, ErrorCode.ResourceNotFound);
    }

    private static async Task<Ok<BudgetListResponse>> ListAsync(
        [FromQuery, Range(1, MaxMinutes)] int? minutes, BudgetReports reports, CancellationToken cancellationToken) =>
        TypedResults.Ok(new BudgetListResponse([.. (await reports.ReadAsync(Window(minutes), cancellationToken)).Select(BudgetResponse.From)]));

    private static async Task<Ok<BudgetHistoryResponse>> HistoryAsync(
        [FromQuery] string route, [FromQuery, Range(1, MaxMinutes)] int? minutes, IBudgetStore store, TimeProvider time, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        CheckRoute(route, errors);
        var window = Window(minutes, errors);
        errors.ThrowIfAny();
        var now = time.GetUtcNow();
        var series = await store.SeriesAsync(route, now - (window ?? TimeSpan.FromHours(1)), now, cancellationToken);
        return TypedResults.Ok(new BudgetHistoryResponse(route, [.. series.Select(BudgetMeasure.Of)]));
    }

    private static async Task<Ok<BudgetViolationListResponse>> ViolationsAsync(
        [FromQuery, Range(1, MaxMinutes)] int? minutes, IBudgetStore store, TimeProvider time, CancellationToken cancellationToken)
    {
        var from = time.GetUtcNow() - (Window(minutes) ?? TimeSpan.FromDays(1));
        return TypedResults.Ok(new BudgetViolationListResponse(
            [.. (await store.ViolationsAsync(from, MaxItems, cancellationToken)).Select(BudgetViolationResponse.From)]));
    }

    private static async Task<Ok<BudgetChangeListResponse>> ChangesAsync(IBudgetStore store, CancellationToken cancellationToken) =>
        TypedResults.Ok(new BudgetChangeListResponse([.. (await store.ChangesAsync(MaxItems, cancellationToken)).Select(BudgetChangeResponse.From)]));

    private static async Task<Ok<BudgetLimits>> SetAsync(
        BudgetRequest request, ICallerAccessor caller, BudgetBoard board, IBudgetStore store, IAuditTrail audit, CancellationToken cancellationToken)
    {
        var (route, budget, reason) = request.Check();
        if (await store.SetLimitAsync(route, budget, caller.Current.Subject ?? Nobody, reason, cancellationToken))
        {
            await audit.RecordAloneAsync(new AuditEvent("budgets.set", $"budget:{route}", Reason: reason), cancellationToken);
        }

        board.Rules.Override(await store.LimitsAsync(cancellationToken));
        return TypedResults.Ok(BudgetLimits.From(budget));
    }

    private static async Task<NoContent> UnsetAsync(
        [FromQuery] string route,
        [FromQuery, MaxLength(BudgetRequest.ReasonMaxLength)] string reason,
        ICallerAccessor caller,
        BudgetBoard board,
        IBudgetStore store,
        IAuditTrail audit,
        CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        var why = errors.Text("/reason", reason, BudgetRequest.ReasonMaxLength);
        CheckRoute(route, errors);
        errors.ThrowIfAny();
        if (!await store.SetLimitAsync(route, null, caller.Current.Subject ?? Nobody, why!, cancellationToken))
        {
            throw ErrorException.NotFound("budget", route);
        }

        await audit.RecordAloneAsync(new AuditEvent("budgets.unset", $"budget:{route}", Reason: why), cancellationToken);
        board.Rules.Override(await store.LimitsAsync(cancellationToken));
        return TypedResults.NoContent();
    }

    private static TimeSpan? Window(int? minutes)
    {
        var errors = new FieldErrors();
        var window = Window(minutes, errors);
        errors.ThrowIfAny();
        return window;
    }

    private static TimeSpan? Window(int? minutes, FieldErrors errors)
    {
        if (minutes is < 1 or > MaxMinutes)
        {
            errors.Add("/minutes", "out_of_range", $"Minutes are between 1 and {MaxMinutes}.");
            return null;
        }

        return minutes is { } some ? TimeSpan.FromMinutes(some) : null;
    }

    private static void CheckRoute(string route, FieldErrors errors)
    {
        if (!BudgetRules.IsRoute(route))
        {
            errors.Add("/route", "invalid", "A route is a path, with a method before it or not.");
        }
    }
}

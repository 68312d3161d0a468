using System.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;

namespace PaymentGateway;

internal static class ChargeEndpoints
{
    private const string KeyHeader = "Idempotency-Key";
    private const int MaxKeyLength = 255;
    private const int MaxOrderIdLength = 64;
    private const int MaxListed = 100;
    private const decimal MaxAmount = 1_000_000_000;

    public static void MapCharges(this IEndpointRouteBuilder endpoints)
    {
        var charges = endpoints.MapGroup("/v1/charges");
        charges.MapPost("/", Charge).AddEndpointFilter(Misbehave);
        charges.MapPost("/{id}/refunds", Refund).AddEndpointFilter(Misbehave);
        charges.MapGet("/", List).AddEndpointFilter(Dawdle);
        charges.MapGet("/{id}", (string id, Ledger ledger) => ledger.Find(id) is { } charge ? Results.Ok(charge) : Results.NotFound()).AddEndpointFilter(Dawdle);
        endpoints.MapGet("/v1/stats", (Ledger ledger) => ledger.Stats);
    }

    private static ValueTask<object?> Misbehave(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.HttpContext.RequestServices.GetRequiredService<Misbehaviour>().InvokeAsync(context, next);

    private static ValueTask<object?> Dawdle(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.HttpContext.RequestServices.GetRequiredService<Misbehaviour>().DawdleAsync(context, next);

    private static IResult Charge(HttpContext context, ChargeRequest request, Ledger ledger, Webhooks webhooks, ILogger<Ledger> logger)
    {
        var problems = KeyProblems(context, out var key);
        if (request.OrderId is not { Length: > 0 and <= MaxOrderIdLength } || request.OrderId.Any(char.IsControl))
        {
            problems["orderId"] = [$"1 to {MaxOrderIdLength} characters are required"];
        }

        if (!IsAmount(request.Amount))
        {
            problems["amount"] = [$"must be more than 0, at most {MaxAmount}, with at most 4 decimals"];
        }

        if (request.Currency is not { Length: 3 } || !request.Currency.All(char.IsAsciiLetterUpper))
        {
            problems["currency"] = ["must be three capital letters (ISO 4217)"];
        }

        if (problems.Count > 0)
        {
            return Invalid(ledger, problems);
        }

        var outcome = ledger.Charge(key, request.OrderId!, request.Amount!.Value, request.Currency!);
        if (outcome is { Value: { } charge, Replayed: false })
        {
            webhooks.Send("charge.captured", charge);
            Log.Charged(logger, charge.Id, charge.OrderId, Activity.Current?.TraceId.ToHexString());
        }

        return Answer(context, outcome, made => $"/v1/charges/{made.Id}");
    }

    private static IResult Refund(HttpContext context, string id, Ledger ledger, Webhooks webhooks, ILogger<Ledger> logger, RefundRequest? request = null)
    {
        var problems = KeyProblems(context, out var key);
        if (request?.Amount is not null && !IsAmount(request.Amount))
        {
            problems["amount"] = [$"must be more than 0, at most {MaxAmount}, with at most 4 decimals"];
        }

        if (problems.Count > 0)
        {
            return Invalid(ledger, problems);
        }

        var outcome = ledger.Refund(key, id, request?.Amount);
        if (outcome is { Value: { } refund, Replayed: false })
        {
            webhooks.Send("charge.refunded", ledger.Find(id)!);
            Log.Refunded(logger, refund.Id, refund.ChargeId, Activity.Current?.TraceId.ToHexString());
        }

        return Answer(context, outcome, _ => null);
    }

    private static Results<Ok<ChargeList>, ValidationProblem> List(string? orderId, string? idempotencyKey, Ledger ledger) =>
        (orderId, idempotencyKey) switch
        {
            ({ Length: > 0 } order, null or "") => TypedResults.Ok(new ChargeList(ledger.ForOrder(order, MaxListed))),
            (null or "", { Length: > 0 } key) => TypedResults.Ok(new ChargeList(ledger.ForKey(key) is { } charge ? [charge] : [])),
            _ => TypedResults.ValidationProblem(new Dictionary<string, string[]> { ["orderId"] = ["this or idempotencyKey is required"] }),
        };

    private static Dictionary<string, string[]> KeyProblems(HttpContext context, out string key)
    {
        var given = context.Request.Headers[KeyHeader];
        key = given.Count == 1 ? given[0]! : string.Empty;
        return key is { Length: > 0 and <= MaxKeyLength }
            ? []
            : new() { [KeyHeader] = [$"one header of 1 to {MaxKeyLength} characters is required"] };
    }

    private static bool IsAmount(decimal? amount) =>
        amount is > 0 and <= MaxAmount && decimal.Round(amount.Value, 4) == amount.Value;

    private static ValidationProblem Invalid(Ledger ledger, Dictionary<string, string[]> problems)
    {
        ledger.CountRejected();
        return TypedResults.ValidationProblem(problems);
    }

    private static IResult Answer<T>(HttpContext context, Outcome<T> outcome, Func<T, string?> location)
    {
        if (outcome.Value is null)
        {
            return TypedResults.Problem(
                outcome.Refusal, statusCode: outcome.NotFound ? StatusCodes.Status404NotFound : StatusCodes.Status422UnprocessableEntity);
        }

        if (!outcome.Replayed)
        {
            return TypedResults.Created(location(outcome.Value), outcome.Value);
        }

        context.Response.Headers["Idempotency-Replayed"] = "true";
        return TypedResults.Ok(outcome.Value);
    }
}

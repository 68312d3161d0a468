namespace PaymentGateway;

/// <summary>Lets requests wait and fail as the knobs say.</summary>
/// <remarks>
/// Half of the failures come before anything happened, half after: the money is taken and the answer is a 503 all the same. Only
/// a caller that repeats the request under the same key ends up with one charge.
/// </remarks>
internal sealed class Misbehaviour(Knobs initial, Ledger ledger, TimeProvider time) : IEndpointFilter
{
    private Knobs _knobs = initial;

    public Knobs Knobs => Volatile.Read(ref _knobs);

    public Knobs Turn(Knobs change)
    {
        var turned = new Knobs(change.FailureRate ?? Knobs.FailureRate, change.LatencyMs ?? Knobs.LatencyMs);
        Volatile.Write(ref _knobs, turned);
        return turned;
    }

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var knobs = Knobs;
        if (knobs.LatencyMs is > 0 and var latency)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(latency), time, context.HttpContext.RequestAborted);
        }

        var draw = Random.Shared.NextDouble();
        if (draw >= knobs.FailureRate)
        {
            return await next(context);
        }

        var afterwards = draw >= knobs.FailureRate / 2;
        if (afterwards)
        {
            // A refusal stays a refusal: nothing happened that the 503 could hide.
            var answer = await next(context);
            if (answer is IStatusCodeHttpResult { StatusCode: >= 400 })
            {
                return answer;
            }
        }

        ledger.CountFailed();
        return TypedResults.Problem("The gateway failed on purpose: see its knobs.", statusCode: StatusCodes.Status503ServiceUnavailable);
    }
}

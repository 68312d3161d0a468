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
        var turned = new Knobs(
            change.FailureRate ?? Knobs.FailureRate,
            change.LatencyMs ?? Knobs.LatencyMs,
            change.ReadLatencyMs ?? Knobs.ReadLatencyMs);
        Volatile.Write(ref _knobs, turned);
        return turned;
    }

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var knobs = Knobs;
        await WaitAsync(knobs.LatencyMs, context);
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

    /// <summary>The same for reads, which never fail.</summary>
    public async ValueTask<object?> DawdleAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        await WaitAsync(Knobs.ReadLatencyMs, context);
        return await next(context);
    }

    private Task WaitAsync(int? milliseconds, EndpointFilterInvocationContext context) => milliseconds is > 0 and var latency
        ? Task.Delay(TimeSpan.FromMilliseconds(latency), time, context.HttpContext.RequestAborted)
        : Task.CompletedTask;
}

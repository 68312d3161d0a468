using System.ComponentModel.DataAnnotations;
using Platform.Errors;
using Platform.Resilience;

namespace Platform.Api.Breakers;

/// <summary>Why something is told to a breaker.</summary>
/// <param name="Reason">For the record. Required, at most 1,000 characters.</param>
internal sealed record BreakerOrderRequest([property: MaxLength(BreakerOrderRequest.ReasonMaxLength)] string? Reason)
{
    public const int ReasonMaxLength = 1000;

    public static string Check(string? reason)
    {
        var errors = new FieldErrors();
        var checkedReason = Check(reason, errors);
        errors.ThrowIfAny();
        return checkedReason!;
    }

    public static string? Check(string? reason, FieldErrors errors) => errors.Text("/reason", reason, ReasonMaxLength);
}

/// <summary>When a breaker opens and for how long. What is absent is as the breaker's default.</summary>
/// <param name="ConsecutiveFailures">So many failures in a row open it; 0 for never.</param>
/// <param name="FailureRatio">The share of failures within the window that opens it; 0 for never.</param>
/// <param name="MinimumThroughput">Below so many calls the share says nothing.</param>
/// <param name="WindowMs">The time over which the share is reckoned.</param>
/// <param name="BreakMs">How long it stays open before a call may try.</param>
/// <param name="MaxBreakMs">The longest that it stays open without a try.</param>
/// <param name="TimeoutMs">How long a call may take.</param>
/// <param name="MaxConcurrency">How many calls may be under way at once in a replica.</param>
/// <param name="Reason">Why, for the record. Required, at most 1,000 characters.</param>
internal sealed record BreakerOptionsRequest(
    int? ConsecutiveFailures,
    double? FailureRatio,
    int? MinimumThroughput,
    double? WindowMs,
    double? BreakMs,
    double? MaxBreakMs,
    double? TimeoutMs,
    int? MaxConcurrency,
    [property: MaxLength(BreakerOrderRequest.ReasonMaxLength)] string? Reason)
{
    private const double MaxMs = 3_600_000;

    public CircuitBreakerOptions Over(CircuitBreakerOptions before, FieldErrors errors)
    {
        var options = before with
        {
            ConsecutiveFailures = ConsecutiveFailures ?? before.ConsecutiveFailures,
            FailureRatio = FailureRatio ?? before.FailureRatio,
            MinimumThroughput = MinimumThroughput ?? before.MinimumThroughput,
            Window = Time("/windowMs", WindowMs, before.Window),
            BreakDuration = Time("/breakMs", BreakMs, before.BreakDuration),
            MaxBreakDuration = Time("/maxBreakMs", MaxBreakMs, before.MaxBreakDuration),
            Timeout = Time("/timeoutMs", TimeoutMs, before.Timeout),
            MaxConcurrency = MaxConcurrency ?? before.MaxConcurrency,
        };
        errors.ThrowIfAny();
        if (options.Problem() is { } problem)
        {
            errors.Add("", "out_of_range", problem);
        }

        errors.ThrowIfAny();
        return options;

        TimeSpan Time(string pointer, double? value, TimeSpan otherwise)
        {
            if (value is not null and not (> 0 and <= MaxMs))
            {
                errors.Add(pointer, "out_of_range", "Milliseconds above 0, of an hour at most.");
                return otherwise;
            }

            return value is { } given ? TimeSpan.FromMilliseconds(given) : otherwise;
        }
    }
}

/// <summary>Breakers of all replicas.</summary>
/// <param name="Items">By name.</param>
internal sealed record BreakerListResponse(IReadOnlyList<BreakerResponse> Items);

/// <summary>A breaker.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State"><c>closed</c>, <c>half_open</c> or <c>open</c>: the worst of its replicas.</param>
/// <param name="Order">What an operator told it: <c>none</c>, <c>open</c> or <c>close</c>.</param>
/// <param name="Configured">Whether an operator set its options.</param>
/// <param name="Replicas">How it stands in each replica that showed itself within 30 seconds.</param>
internal sealed record BreakerResponse(string Name, string State, string Order, bool Configured, IReadOnlyList<BreakerReplicaResponse> Replicas)
{
    public static IReadOnlyList<BreakerResponse> From(BreakerBoardReading board) =>
    [
        .. board.Replicas.Select(replica => replica.Breaker.Name).Concat(board.Orders.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(name =>
            {
                var replicas = board.Replicas.Where(replica => replica.Breaker.Name == name).ToArray();
                var order = board.Orders.TryGetValue(name, out var given) ? given.Order : CircuitOrder.None;
                return new BreakerResponse(
                    name,
                    Text(replicas.Length == 0 ? CircuitState.Closed : replicas.Max(replica => replica.Breaker.State)),
                    order.ToString().ToLowerInvariant(),
                    board.Options.ContainsKey(name),
                    [.. replicas.Select(BreakerReplicaResponse.From)]);
            }),
    ];

    public static string Text(CircuitState state) => state switch
    {
        CircuitState.Closed => "closed",
        CircuitState.HalfOpen => "half_open",
        _ => "open",
    };
}

/// <summary>How a breaker stands in a replica.</summary>
/// <param name="Replica">The replica.</param>
/// <param name="Service">Which host it is.</param>
/// <param name="State"><c>closed</c>, <c>half_open</c> or <c>open</c>.</param>
/// <param name="Failures">How many calls failed in a row.</param>
/// <param name="OpenedAt">When it opened, if it is not closed.</param>
/// <param name="At">When the replica said so.</param>
internal sealed record BreakerReplicaResponse(Guid Replica, string Service, string State, int Failures, DateTimeOffset? OpenedAt, DateTimeOffset At)
{
    public static BreakerReplicaResponse From(ReplicaBreaker of) =>
        new(of.Replica, of.Service, BreakerResponse.Text(of.Breaker.State), of.Breaker.Failures, of.Breaker.Opened, of.At);
}

/// <summary>What operators told breakers.</summary>
/// <param name="Items">The newest first.</param>
internal sealed record BreakerCommandListResponse(IReadOnlyList<BreakerCommandResponse> Items);

/// <summary>What an operator told a breaker.</summary>
/// <param name="Breaker">Its name.</param>
/// <param name="Verb"><c>open</c>, <c>close</c>, <c>reset</c>, <c>configure</c> or <c>unconfigure</c>.</param>
/// <param name="Actor">Who.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When.</param>
internal sealed record BreakerCommandResponse(string Breaker, string Verb, string Actor, string Reason, DateTimeOffset At)
{
    public static BreakerCommandResponse From(BreakerCommand command) => new(command.Breaker, command.Verb, command.Actor, command.Reason, command.At);
}

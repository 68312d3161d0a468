namespace Platform.Resilience;

/// <summary>Where replicas show their breakers to each other, and operators tell all of them what to do.</summary>
public interface IBreakerBoard
{
    /// <summary>Writes how the breakers of this replica stand.</summary>
    Task ShowAsync(Guid replica, string service, IReadOnlyList<CircuitSnapshot> breakers, CancellationToken cancellationToken);

    /// <summary>Reads the orders, and how the breakers of all replicas stand that showed themselves lately.</summary>
    Task<BreakerBoardReading> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Gives an order, or takes it back with <see cref="CircuitOrder.None"/>; or sets options, or takes them back with null.</summary>
    Task CommandAsync(BreakerCommand command, CancellationToken cancellationToken);

    /// <summary>What operators did, the newest first.</summary>
    Task<IReadOnlyList<BreakerCommand>> CommandsAsync(int limit, CancellationToken cancellationToken);
}

/// <summary>What an operator tells a breaker, in all replicas.</summary>
/// <param name="Breaker">The breaker's name.</param>
/// <param name="Verb"><c>open</c>, <c>close</c>, <c>reset</c>, <c>configure</c> or <c>unconfigure</c>.</param>
/// <param name="Options">What to set, for <c>configure</c>.</param>
/// <param name="Actor">Who.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When.</param>
public sealed record BreakerCommand(string Breaker, string Verb, CircuitBreakerOptions? Options, string Actor, string Reason, DateTimeOffset At);

/// <summary>What the board holds.</summary>
/// <param name="Orders">By breaker; <c>Epoch</c> grows with each, so that a reset is seen once.</param>
/// <param name="Options">What operators set, by breaker.</param>
/// <param name="Replicas">How breakers stand, by replica.</param>
public sealed record BreakerBoardReading(
    IReadOnlyDictionary<string, (CircuitOrder Order, long Epoch)> Orders,
    IReadOnlyDictionary<string, CircuitBreakerOptions> Options,
    IReadOnlyList<ReplicaBreaker> Replicas);

/// <summary>How a breaker stands in a replica.</summary>
/// <param name="Replica">The replica.</param>
/// <param name="Service">Which host it is.</param>
/// <param name="Breaker">How it stands.</param>
/// <param name="At">When it said so.</param>
public sealed record ReplicaBreaker(Guid Replica, string Service, CircuitSnapshot Breaker, DateTimeOffset At);

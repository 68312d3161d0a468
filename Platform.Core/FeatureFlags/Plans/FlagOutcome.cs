namespace Platform.FeatureFlags.Plans;

/// <summary>Answers of one endpoint to callers with one answer of a flag, counted over a few seconds by one process.</summary>
/// <param name="Flag">The flag.</param>
/// <param name="Endpoint">Method and route.</param>
/// <param name="Arm"><c>on</c> or <c>off</c>, or <c>on:</c> and the variant's name.</param>
/// <param name="Total">All answers.</param>
/// <param name="Errors">Those of 500 and more.</param>
/// <param name="Durations">How many took how long, by <see cref="LatencyBounds"/>; one more than there are bounds.</param>
public sealed record FlagOutcome(string Flag, string Endpoint, string Arm, long Total, long Errors, IReadOnlyList<long> Durations);

/// <summary>A flag whose callers' outcomes are counted.</summary>
/// <param name="Flag">The flag.</param>
/// <param name="Endpoints">Methods and routes.</param>
public sealed record WatchedFlag(string Flag, IReadOnlyList<string> Endpoints);

/// <summary>Takes what hosts count, and says what they are to count. Thread safe.</summary>
public interface IFlagOutcomes
{
    /// <summary>Flags whose plans have guards and are not over.</summary>
    Task<IReadOnlyList<WatchedFlag>> ReadWatchedAsync(CancellationToken cancellationToken = default);

    /// <summary>Adds counts.</summary>
    Task AddAsync(IReadOnlyList<FlagOutcome> outcomes, CancellationToken cancellationToken = default);

    /// <summary>Notes that flags were asked, for finding those that nobody asks any more.</summary>
    Task MarkEvaluatedAsync(IReadOnlyCollection<string> flags, CancellationToken cancellationToken = default);
}

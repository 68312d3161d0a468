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
/// <param name="Sampling">How its callers are counted; null where they are not, or there are enough of them.</param>
public sealed record WatchedFlag(string Flag, IReadOnlyList<string> Endpoints, CallerSampling? Sampling = null);

/// <summary>Callers are counted for one stage of a plan.</summary>
/// <param name="Since">When it began; tells one stage from another.</param>
/// <param name="Percent">The percentage that the flag has in it.</param>
public sealed record CallerSampling(DateTimeOffset Since, decimal Percent);

/// <summary>A caller that a share decided about.</summary>
/// <param name="Flag">The flag.</param>
/// <param name="Since">The stage's beginning.</param>
/// <param name="Caller">A keyed hash of who it is and the flag, so that he is counted once by all hosts and cannot be known again elsewhere.</param>
/// <param name="Arm"><c>on</c> or <c>off</c>, or <c>on:</c> and the variant's name.</param>
public sealed record FlagCaller(string Flag, DateTimeOffset Since, long Caller, string Arm);

/// <summary>Takes what hosts count, and says what they are to count. Thread safe.</summary>
public interface IFlagOutcomes
{
    /// <summary>Flags whose plans have guards and are not over.</summary>
    Task<IReadOnlyList<WatchedFlag>> ReadWatchedAsync(CancellationToken cancellationToken = default);

    /// <summary>Adds counts.</summary>
    Task AddAsync(IReadOnlyList<FlagOutcome> outcomes, CancellationToken cancellationToken = default);

    /// <summary>Notes callers, each once for a stage.</summary>
    Task AddCallersAsync(IReadOnlyList<FlagCaller> callers, CancellationToken cancellationToken = default);

    /// <summary>Notes how often flags were asked, by name; also for finding those that nobody asks any more.</summary>
    Task MarkEvaluatedAsync(IReadOnlyDictionary<string, long> flags, CancellationToken cancellationToken = default);
}

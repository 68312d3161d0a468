namespace PaymentGateway;

/// <summary>How badly the gateway behaves.</summary>
/// <param name="FailureRate">The share of charges and refunds that is answered with 503, 0 to 1.</param>
/// <param name="LatencyMs">How long each of them takes at least, in milliseconds, 0 to 60,000.</param>
/// <param name="ReadLatencyMs">How long a read takes at least, in milliseconds, 0 to 60,000.</param>
internal sealed record Knobs(double? FailureRate, int? LatencyMs, int? ReadLatencyMs)
{
    public const int MaxLatencyMs = 60_000;

    public Dictionary<string, string[]> Problems()
    {
        var problems = new Dictionary<string, string[]>();
        if (FailureRate is not (null or (>= 0 and <= 1)))
        {
            problems["failureRate"] = ["must be between 0 and 1"];
        }

        Latency("latencyMs", LatencyMs);
        Latency("readLatencyMs", ReadLatencyMs);
        return problems;

        void Latency(string name, int? value)
        {
            if (value is not (null or (>= 0 and <= MaxLatencyMs)))
            {
                problems[name] = [$"must be between 0 and {MaxLatencyMs}"];
            }
        }
    }
}

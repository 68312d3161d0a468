using System.Globalization;

namespace Platform.Benchmarks.Outbox.Measuring;

/// <summary>One drain.</summary>
/// <param name="Events">Effects that were committed.</param>
/// <param name="Missing">Events without effect when time was up.</param>
/// <param name="Repeated">Calls of the handler beyond one an event.</param>
/// <param name="OutOfOrder">Events whose handler began after a later one's of the same aggregate.</param>
/// <param name="Seconds">From release to the last commit.</param>
/// <param name="ClientSeconds">CPU time of the peer's process.</param>
/// <param name="ServerSeconds">CPU time of PostgreSQL.</param>
internal sealed record DrainSample(int Events, int Missing, int Repeated, int OutOfOrder, double Seconds, double ClientSeconds, double ServerSeconds)
{
    public double EventsPerSecond => Events / Seconds;

    public double ClientMicroseconds => ClientSeconds / Events * 1e6;

    public double ServerMicroseconds => ServerSeconds / Events * 1e6;

    public double EventsPerCpuSecond => Events / (ClientSeconds + ServerSeconds);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{EventsPerSecond:0}/s, CPU {ClientMicroseconds:0} + {ServerMicroseconds:0} us, out of order {OutOfOrder}, repeated {Repeated}, missing {Missing}");
}

/// <summary>All drains of a contender.</summary>
internal sealed record DrainResult(Contender Contender, IReadOnlyList<DrainSample> Samples)
{
    public double Median(Func<DrainSample, double> value) => Statistics.Median(Samples.Select(value));

    /// <summary>The median over rounds of this contender's value over another's in the same round.</summary>
    public double Over(DrainResult other, Func<DrainSample, double> value) =>
        Statistics.Median(Samples.Zip(other.Samples, (mine, its) => value(mine) / value(its)));
}

internal static class Statistics
{
    public static double Median(IEnumerable<double> values) => Percentile([.. values.Order()], 0.5);

    public static double Percentile(IReadOnlyList<double> sorted, double share)
    {
        if (sorted.Count == 0)
        {
            return double.NaN;
        }

        var place = share * (sorted.Count - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, sorted.Count - 1);
        return sorted[below] + ((sorted[above] - sorted[below]) * (place - below));
    }
}

namespace Platform.FeatureFlags.Plans;

/// <summary>
/// Gathers evidence that something got worse, and may be looked at as often as one likes: the chance that it ever passes
/// <c>1 / alpha</c> where nothing did is at most alpha (Ville's inequality).
/// </summary>
/// <remarks>
/// The evidence is a likelihood ratio, the mean over several ways to be worse. Compared with others, what counts is how the bad answers of a
/// short time fall to the two sides, given how many answers each side had: Fisher's noncentral hypergeometric distribution against the central
/// one. That holds exactly, with few answers too, and whatever else changes with the time of day, as it changes for both. Against a limit it is
/// the binomial distribution. It may get worse at any time: with each window a share of the evidence begins anew, so that hours in which
/// all was well do not outweigh the minute in which it is not. The shares of a plan add up to 1 at most, which keeps the bound.
/// </remarks>
internal static class SequentialTest
{
    private static readonly double[] Odds = [1.25, 1.5, 2, 3, 5, 8];

    // Of a logarithm: as good as none, and a number in JSON.
    private const double Nothing = -1e9;

    /// <summary>No evidence: one number for each way to be worse, and the shares that were given out.</summary>
    public static double[] Begin() => [.. Odds.Select(_ => Nothing), 0];

    /// <summary>Adds a comparison of those with the flag to those without.</summary>
    /// <param name="evidence">What was gathered so far.</param>
    /// <param name="without">Those without the flag.</param>
    /// <param name="with">Those with it.</param>
    /// <param name="share">How much of the evidence begins here, as far as there is some left.</param>
    public static void Compare(double[] evidence, GuardCounts without, GuardCounts with, double share)
    {
        var bad = without.Bad + with.Bad;
        if (bad == 0 || without.Total == 0 || with.Total == 0)
        {
            return;
        }

        BeginSome(evidence, share);
        for (var i = 0; i < Odds.Length; i++)
        {
            evidence[i] += LogRatio(without.Total, with.Total, bad, with.Bad, Math.Log(Odds[i]));
        }
    }

    /// <summary>Adds a comparison with a limit.</summary>
    /// <param name="evidence">What was gathered so far.</param>
    /// <param name="with">Those with the flag.</param>
    /// <param name="limit">The share of bad answers that is allowed, between 0 and 1.</param>
    /// <param name="share">How much of the evidence begins here, as far as there is some left.</param>
    public static void Limit(double[] evidence, GuardCounts with, double limit, double share)
    {
        if (with.Total == 0)
        {
            return;
        }

        BeginSome(evidence, share);
        for (var i = 0; i < Odds.Length; i++)
        {
            // The share whose odds are that many times the limit's.
            var odds = Odds[i] * limit / (1 - limit);
            var worse = odds / (1 + odds);
            evidence[i] += (with.Bad * Math.Log(worse / limit)) + ((with.Total - with.Bad) * Math.Log((1 - worse) / (1 - limit)));
        }
    }

    /// <summary>The evidence as a logarithm.</summary>
    public static double Log(double[] evidence)
    {
        var ways = evidence.AsSpan(0, Odds.Length);
        var largest = Nothing;
        foreach (var value in ways)
        {
            largest = Math.Max(largest, value);
        }

        var sum = 0.0;
        foreach (var value in ways)
        {
            sum += Math.Exp(value - largest);
        }

        return largest + Math.Log(sum / Odds.Length);
    }

    private static void BeginSome(double[] evidence, double share)
    {
        share = Math.Min(share, 1 - evidence[^1]);
        if (share <= 0)
        {
            return;
        }

        evidence[^1] += share;
        for (var i = 0; i < Odds.Length; i++)
        {
            evidence[i] = Add(evidence[i], Math.Log(share));
        }
    }

    // P(k bad ones with the flag | odds) / P(k | even odds) = odds^k * sum(w) / sum(w * odds^j), w_j = C(with, j) * C(without, bad - j).
    private static double LogRatio(long without, long with, long bad, long badWith, double logOdds)
    {
        var first = Math.Max(0, bad - without);
        var last = Math.Min(bad, with);
        double logWeight = 0, even = double.NegativeInfinity, odd = double.NegativeInfinity;
        for (var j = first; j <= last; j++)
        {
            even = Add(even, logWeight);
            odd = Add(odd, logWeight + (j * logOdds));
            if (j < last)
            {
                logWeight += Math.Log((double)(with - j) * (bad - j) / ((double)(j + 1) * (without - bad + j + 1)));
            }
        }

        return (badWith * logOdds) + even - odd;
    }

    private static double Add(double left, double right) => left > right
        ? left + Math.Log(1 + Math.Exp(right - left))
        : double.IsNegativeInfinity(right) ? left : right + Math.Log(1 + Math.Exp(left - right));
}

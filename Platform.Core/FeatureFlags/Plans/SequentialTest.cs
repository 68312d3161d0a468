namespace Platform.FeatureFlags.Plans;

/// <summary>
/// Gathers evidence that something got worse, and may be looked at as often as one likes: the chance that it ever passes
/// <c>1 / alpha</c> where nothing did is at most alpha (Ville's inequality).
/// </summary>
/// <remarks>
/// The evidence is a likelihood ratio, the mean over several ways to be worse. Compared with others, what counts is how the bad answers of a
/// short time fall to the two sides, given how many answers each side had: Fisher's noncentral hypergeometric distribution against the central
/// one. That holds exactly, with few answers too, and whatever else changes with the time of day, as it changes for both. Against a limit it is
/// the binomial distribution.
/// </remarks>
internal static class SequentialTest
{
    private static readonly double[] Odds = [1.25, 1.5, 2, 3, 5, 8];

    /// <summary>No evidence, one number for each way to be worse.</summary>
    public static double[] Begin() => new double[Odds.Length];

    /// <summary>Adds a comparison of those with the flag to those without.</summary>
    public static void Compare(double[] evidence, GuardCounts without, GuardCounts with)
    {
        var bad = without.Bad + with.Bad;
        if (bad == 0 || without.Total == 0 || with.Total == 0)
        {
            return;
        }

        for (var i = 0; i < Odds.Length; i++)
        {
            evidence[i] += LogRatio(without.Total, with.Total, bad, with.Bad, Math.Log(Odds[i]));
        }
    }

    /// <summary>Adds a comparison with a limit.</summary>
    /// <param name="evidence">What was gathered so far.</param>
    /// <param name="with">Those with the flag.</param>
    /// <param name="limit">The share of bad answers that is allowed, between 0 and 1.</param>
    public static void Limit(double[] evidence, GuardCounts with, double limit)
    {
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
        var largest = evidence.Max();
        return largest + Math.Log(evidence.Average(value => Math.Exp(value - largest)));
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

namespace Platform.FeatureFlags.Plans;

/// <summary>Callers that a share decided about, in the stage that a plan is at.</summary>
/// <param name="Arm"><c>on</c> or <c>off</c>, or <c>on:</c> and the variant's name.</param>
/// <param name="Callers">How many different ones there were.</param>
/// <param name="Expected">How many there should be of all.</param>
public sealed record SampleRatioArm(string Arm, long Callers, double Expected);

/// <summary>
/// Whether callers come to a flag's answers in the shares that they are given (sample ratio mismatch). Where they do not, one of the answers keeps
/// callers away, or brings them: then what the answers are compared by is not to be believed.
/// </summary>
/// <param name="Arms">By answer.</param>
/// <param name="PValue">The chance of shares this far off where nothing is wrong (Pearson's chi-square test); null where there are too few callers.</param>
public sealed record SampleRatio(IReadOnlyList<SampleRatioArm> Arms, double? PValue)
{
    /// <summary>Below this chance the shares count as wrong, as is usual for this check because it is looked at again and again.</summary>
    public const double Alarm = 0.001;

    // Pearson's test wants so many in each class.
    private const double LeastExpected = 5;

    /// <summary>The shares are not those that were given.</summary>
    public bool IsMismatch => PValue < Alarm;

    /// <summary>The share of each answer among callers that a percentage decides about; 1 in all.</summary>
    /// <param name="flag">An own flag.</param>
    /// <param name="percent">The percentage, 0 to 100.</param>
    public static IReadOnlyDictionary<string, double> Expect(FlagDefinition flag, decimal percent)
    {
        ArgumentNullException.ThrowIfNull(flag);
        var on = (double)percent / 100;
        var shares = new Dictionary<string, double>(StringComparer.Ordinal) { ["off"] = 1 - on };
        var rest = 1.0;

        // Named callers have their variant whatever the weights say.
        if (flag.Variants.Any(variant => variant.Users.Count + variant.Groups.Count > 0))
        {
            shares["on"] = on;
            return shares;
        }

        foreach (var variant in flag.Variants)
        {
            var weight = (double)variant.Weight / 100;
            Add(variant.Name, weight);
            rest -= weight;
        }

        Add(flag.DefaultVariant, rest);
        return shares;

        void Add(string? variant, double share)
        {
            var arm = variant is null ? "on" : $"on:{variant}";
            shares[arm] = shares.GetValueOrDefault(arm) + (on * share);
        }
    }

    /// <summary>Compares what came with what was to come.</summary>
    /// <param name="callers">Different callers by answer.</param>
    /// <param name="shares">See <see cref="Expect"/>. Answers without a share of their own count as <c>on</c>.</param>
    public static SampleRatio Of(IReadOnlyDictionary<string, long> callers, IReadOnlyDictionary<string, double> shares)
    {
        ArgumentNullException.ThrowIfNull(callers);
        ArgumentNullException.ThrowIfNull(shares);
        var total = callers.Values.Sum();
        var counted = callers.GroupBy(arm => shares.ContainsKey(arm.Key) ? arm.Key : "on", arm => arm.Value, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Sum(), StringComparer.Ordinal);
        SampleRatioArm[] arms =
        [
            .. shares.Keys.Union(counted.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
                .Select(arm => new SampleRatioArm(arm, counted.GetValueOrDefault(arm), total * shares.GetValueOrDefault(arm)))
                .Where(arm => arm.Callers > 0 || arm.Expected > 1e-9),
        ];
        if (arms.Length < 2 || arms.Any(arm => arm.Expected < LeastExpected))
        {
            return new SampleRatio(arms, null);
        }

        var distance = arms.Sum(arm => (arm.Callers - arm.Expected) * (arm.Callers - arm.Expected) / arm.Expected);
        return new SampleRatio(arms, UpperGamma((arms.Length - 1) / 2.0, distance / 2));
    }

    /// <summary>The regularized upper incomplete gamma function Q(a, x): by its series, or its continued fraction (NIST DLMF 8.11.4, 8.9.2).</summary>
    private static double UpperGamma(double a, double x)
    {
        if (x <= 0)
        {
            return 1;
        }

        var front = Math.Exp((a * Math.Log(x)) - x - LogGamma(a));
        if (x < a + 1)
        {
            var (sum, term) = (1 / a, 1 / a);
            for (var n = 1; n < 10_000 && term > sum * 1e-15; n++)
            {
                term *= x / (a + n);
                sum += term;
            }

            return 1 - (front * sum);
        }

        // Lentz's way from the front, so that it needs no start at the end.
        var (b, c) = (x + 1 - a, 1e300);
        var d = 1 / b;
        var fraction = d;
        for (var n = 1; n < 10_000; n++)
        {
            var an = -n * (n - a);
            b += 2;
            d = 1 / ((an * d) + b);
            c = b + (an / c);
            fraction *= d * c;
            if (Math.Abs((d * c) - 1) < 1e-15)
            {
                break;
            }
        }

        return front * fraction;
    }

    // Of halves and whole numbers alone: G(a + 1) = a G(a), G(1/2) = sqrt(pi), G(1) = 1.
    private static double LogGamma(double a)
    {
        var log = a % 1 == 0 ? 0 : Math.Log(Math.PI) / 2;
        for (var at = a - 1; at > 0; at--)
        {
            log += Math.Log(at);
        }

        return log;
    }
}

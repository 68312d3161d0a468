using Platform.FeatureFlags.Plans;

namespace Platform.FeatureFlags.Tests.Plans;

/// <summary>Whether callers come in the shares that they are given.</summary>
public sealed class SampleRatioTests
{
    private static readonly FlagDefinition Flag = new()
    {
        Name = "button",
        Variants = [new VariantDefinition { Name = "red", Weight = 50 }, new VariantDefinition { Name = "blue", Weight = 25 }],
    };

    // From tables of the chi-square distribution: 0.05 and 0.001 of one to three degrees of freedom.
    [Theory]
    [InlineData(3.841459, 2, 0.05)]
    [InlineData(10.827566, 2, 0.001)]
    [InlineData(5.991465, 3, 0.05)]
    [InlineData(13.815511, 3, 0.001)]
    [InlineData(7.814728, 4, 0.05)]
    [InlineData(0.351846, 4, 0.95)]
    public void Chance_is_that_of_the_chi_square_distribution(double distance, int classes, double chance)
    {
        // Two classes that are off by the same number, of shares that are alike, are this far apart.
        const long each = 100_000_000;
        var off = (long)Math.Round(Math.Sqrt(distance * each / 2));
        var callers = Enumerable.Range(0, classes).ToDictionary(i => $"{i}", i => i switch { 0 => each + off, 1 => each - off, _ => each });
        var ratio = SampleRatio.Of(callers, callers.ToDictionary(arm => arm.Key, _ => 1.0 / classes));
        Assert.Equal(chance, ratio.PValue!.Value, chance / 100);
    }

    [Fact]
    public void Shares_are_those_of_percentage_and_weights()
    {
        Assert.Equal(
            [("off", 0.8), ("on", 0.05), ("on:blue", 0.05), ("on:red", 0.1)],
            SampleRatio.Expect(Flag, 20).OrderBy(arm => arm.Key, StringComparer.Ordinal).Select(arm => (arm.Key, Math.Round(arm.Value, 6))));
        Assert.Equal(0.1, SampleRatio.Expect(Flag with { DefaultVariant = "blue" }, 20)["on:blue"], 6);

        // Variants of named callers are not drawn.
        var named = Flag with { Variants = [new VariantDefinition { Name = "red", Weight = 50, Users = ["ann"] }] };
        var ratio = SampleRatio.Of(new Dictionary<string, long> { ["off"] = 800, ["on:red"] = 150, ["on"] = 50 }, SampleRatio.Expect(named, 20));
        Assert.Equal([("off", 800L), ("on", 200L)], ratio.Arms.Select(arm => (arm.Arm, arm.Callers)));
    }

    [Fact]
    public void Callers_that_stay_away_are_found_and_chance_is_not()
    {
        var (alarms, found) = (0, 0);
        for (var seed = 0; seed < 200; seed++)
        {
            alarms += Draw(new Random(seed), staysAway: 0).IsMismatch ? 1 : 0;
            found += Draw(new Random(seed), staysAway: 0.2).IsMismatch ? 1 : 0;
        }

        Assert.InRange(alarms, 0, 2);
        Assert.InRange(found, 195, 200);
    }

    [Fact]
    public void Few_callers_tell_nothing()
    {
        var ratio = SampleRatio.Of(new Dictionary<string, long> { ["off"] = 60, ["on:red"] = 1 }, SampleRatio.Expect(Flag, 20));
        Assert.Null(ratio.PValue);
        Assert.False(ratio.IsMismatch);
    }

    private static SampleRatio Draw(Random random, double staysAway)
    {
        var snapshot = Make.Snapshot(Flag with { Percent = 20 });
        var callers = new Dictionary<string, long>();
        for (var i = 0; i < 10_000; i++)
        {
            var decision = snapshot.Evaluate("button", new FlagContext { UserId = $"{random.Next()}" });
            if (decision.Variant?.Name == "red" && random.NextDouble() < staysAway)
            {
                continue;
            }

            var arm = !decision.Enabled ? "off" : decision.Variant is { } variant ? $"on:{variant.Name}" : "on";
            callers[arm] = callers.GetValueOrDefault(arm) + 1;
        }

        return SampleRatio.Of(callers, SampleRatio.Expect(Flag, 20));
    }
}

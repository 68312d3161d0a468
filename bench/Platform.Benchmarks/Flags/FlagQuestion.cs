using Microsoft.FeatureManagement.FeatureFilters;
using Platform.FeatureFlags;

namespace Platform.Benchmarks.Flags;

/// <summary>One thing to ask, many times over.</summary>
/// <param name="Name">What is asked.</param>
/// <param name="AskAsync">Asks so many times and counts the answers that are on, so that none can be left out.</param>
internal sealed record FlagQuestion(string Name, Func<int, ValueTask<int>> AskAsync)
{
    private static readonly Flag<bool> On = Flag.Declare("on");

    public static FlagQuestion ByName(FlagScenario scenario, string name, params (string Flag, FlagContext Context)[] callers) => new(name, times =>
    {
        var (flags, on) = (scenario.Ours, 0);
        for (var i = 0; i < times; i += callers.Length)
        {
            foreach (var (flag, context) in callers)
            {
                on += flags.IsEnabled(flag, context) ? 1 : 0;
            }
        }

        return new(on);
    });

    public static FlagQuestion ByHandle(FlagScenario scenario) => new("declared flag", times =>
    {
        var (flags, context, on) = (scenario.Ours, scenario.Outsider, 0);
        for (var i = 0; i < times; i++)
        {
            on += flags.IsEnabled(On, context) ? 1 : 0;
        }

        return new(on);
    });

    public static FlagQuestion Variants(FlagScenario scenario, string name, int different)
    {
        string[] names = [.. Enumerable.Range(0, different).Select(index => $"variants-{index}")];
        return new(name, times =>
        {
            var (flags, context, given) = (scenario.Ours, scenario.Outsider, 0);
            for (var i = 0; i < times; i++)
            {
                given += flags.Evaluate(names[i % names.Length], context).Variant is null ? 0 : 1;
            }

            return new(given);
        });
    }

    public static FlagQuestion Facade(FlagScenario scenario) => new("IFeatureManager over ours", async times =>
    {
        var on = 0;
        for (var i = 0; i < times; i++)
        {
            on += await scenario.Facade.IsEnabledAsync("on") ? 1 : 0;
        }

        return on;
    });

    public static FlagQuestion Theirs(FlagScenario scenario, string name, params (string Flag, FlagContext Context)[] callers)
    {
        (string Flag, TargetingContext Context)[] targeting = [.. callers.Select(caller => (caller.Flag, FlagScenario.Targeting(caller.Context)))];
        return new(name, async times =>
        {
            var on = 0;
            for (var i = 0; i < times; i += targeting.Length)
            {
                foreach (var (flag, context) in targeting)
                {
                    on += await scenario.Theirs.IsEnabledAsync(flag, context, CancellationToken.None) ? 1 : 0;
                }
            }

            return on;
        });
    }

    public static FlagQuestion TheirVariants(FlagScenario scenario)
    {
        string[] names = [.. Enumerable.Range(0, FlagScenario.VariantFlags).Select(index => $"variants-{index}")];
        var context = FlagScenario.Targeting(scenario.Outsider);
        return new("FeatureManagement: variant", async times =>
        {
            var given = 0;
            for (var i = 0; i < times; i++)
            {
                given += await scenario.Theirs.GetVariantAsync(names[i % names.Length], context, CancellationToken.None) is null ? 0 : 1;
            }

            return given;
        });
    }
}

using System.Globalization;
using Platform.FeatureFlags.Cases;

namespace Platform.Benchmarks.Flags;

/// <summary>Suite <c>flags</c>: what a question costs, beside Microsoft.FeatureManagement in the same process, whose cases hold, and how fast a change
/// reaches every host.</summary>
/// <param name="quick">Fewer rounds; at most a minute.</param>
/// <param name="output">Where the table goes.</param>
internal sealed class FlagsSuite(bool quick, TextWriter output)
{
    /// <summary>Runs all of it.</summary>
    /// <returns>The figures by name.</returns>
    public async Task<IReadOnlyDictionary<string, double>> RunAsync(CancellationToken cancellationToken)
    {
        await using var scenario = new FlagScenario();
        var named = ("audience", scenario.Named);
        var member = ("audience", scenario.Member);
        var outsider = ("audience", scenario.Outsider);
        var on = FlagQuestion.ByName(scenario, "on and off by name", ("on", scenario.Outsider), ("off", scenario.Outsider));
        var handle = FlagQuestion.ByHandle(scenario);
        var target = FlagQuestion.ByName(scenario, "user and group hit", named, member);
        var percent = FlagQuestion.ByName(scenario, "sticky percentage", outsider);
        var variant = FlagQuestion.Variants(scenario, "variant, Microsoft's buckets, drawn", FlagScenario.VariantFlags);
        var remembered = FlagQuestion.Variants(scenario, "the same, remembered in the request", 1);
        var facade = FlagQuestion.Facade(scenario);
        var theirOn = FlagQuestion.Theirs(
            scenario, "FeatureManagement: on and off", ("plain-10", scenario.Outsider), ("plain-11", scenario.Outsider));
        var theirTarget = FlagQuestion.Theirs(
            scenario, "FeatureManagement: user and group hit", ("microsoft-audience", scenario.Named), ("microsoft-audience", scenario.Member));
        var theirPercent = FlagQuestion.Theirs(scenario, "FeatureManagement: percentage", ("microsoft-audience", scenario.Outsider));
        var theirVariant = FlagQuestion.TheirVariants(scenario);

        FlagQuestion[] ours = [on, handle, target, percent, variant, remembered, facade];
        FlagQuestion[] all = [.. ours, theirOn, theirTarget, theirPercent, theirVariant];
        var timings = await new FlagClock(rounds: quick ? 5 : 15, batches: quick ? 40 : 200).RunAsync(all, cancellationToken);
        foreach (var question in all)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{question.Name,-42}{timings[question].Nanoseconds,10:0.0} ns{timings[question].Bytes,8:0} B"));
        }

        var figures = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["on_ns"] = timings[on].Nanoseconds,
            ["declared_ns"] = timings[handle].Nanoseconds,
            ["target_ns"] = timings[target].Nanoseconds,
            ["percent_ns"] = timings[percent].Nanoseconds,
            ["variant_ns"] = timings[variant].Nanoseconds,
            ["variant_remembered_ns"] = timings[remembered].Nanoseconds,
            ["manager_on_ns"] = timings[facade].Nanoseconds,
            ["allocated_bytes"] = ours.Max(question => timings[question].Bytes),
            ["on_vs_fm"] = timings[theirOn].Over(timings[on]),
            ["target_vs_fm"] = timings[theirTarget].Over(timings[target]),
            ["percent_vs_fm"] = timings[theirPercent].Over(timings[percent]),
            ["variant_vs_fm"] = timings[theirVariant].Over(timings[variant]),
        };
        Count(figures, "unleash", [.. UnleashCase.All().Select(@case => (@case.Name, @case.Failure()))]);
        Count(figures, "microsoft", [.. MicrosoftCase.All().Select(@case => (@case.Name, @case.Failure()))]);
        await new BulkRun(quick, output).RunAsync(figures, PropagationRun.Document(), cancellationToken);
        await new PropagationRun(quick, output).RunAsync(figures, cancellationToken);
        return figures;
    }

    private void Count(Dictionary<string, double> figures, string system, (string Name, string? Failure)[] cases)
    {
        foreach (var (name, failure) in cases.Where(entry => entry.Failure is not null))
        {
            output.WriteLine($"{system}: {name}: {failure}");
        }

        figures[$"{system}_passed"] = cases.Count(entry => entry.Failure is null);
        figures[$"{system}_cases"] = cases.Length;
    }
}

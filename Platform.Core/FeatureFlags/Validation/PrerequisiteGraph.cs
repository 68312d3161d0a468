using Platform.Errors;

namespace Platform.FeatureFlags;

/// <summary>Which flag waits for which. Refuses circles, so that evaluation ends, and chains beyond a limit.</summary>
internal sealed class PrerequisiteGraph
{
    private readonly Dictionary<string, FlagDefinition> _flags;
    private readonly Dictionary<string, int> _depths = new(StringComparer.Ordinal);
    private readonly HashSet<string> _circular;

    public PrerequisiteGraph(IReadOnlyList<FlagDefinition> flags)
    {
        _flags = flags.DistinctBy(flag => flag.Name).ToDictionary(flag => flag.Name, StringComparer.Ordinal);
        var dependants = Dependants();

        // Flags that wait for nobody first, then those that wait for these only, and so on. Who is left waits for a circle.
        var waiting = _flags.Values.ToDictionary(flag => flag.Name, flag => Known(flag).Count(), StringComparer.Ordinal);
        foreach (var name in Peel(waiting, name => dependants.GetValueOrDefault(name, [])))
        {
            _depths[name] = 1 + Known(_flags[name]).Select(prerequisite => _depths[prerequisite]).DefaultIfEmpty().Max();
        }

        // Of those who are left, the ones that nobody left waits for are not part of a circle themselves.
        var left = _flags.Keys.Except(_depths.Keys, StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal);
        var awaited = left.ToDictionary(name => name, name => dependants.GetValueOrDefault(name, []).Count(left.Contains), StringComparer.Ordinal);
        _circular = [.. left.Except(Peel(awaited, name => Known(_flags[name]).Where(left.Contains)), StringComparer.Ordinal)];
    }

    public void Check(FlagDefinition flag, string pointer, FieldErrors errors)
    {
        CheckedText.Count(errors, $"{pointer}/prerequisites", flag.Prerequisites.Count);
        for (var i = 0; i < Math.Min(flag.Prerequisites.Count, FlagLimits.Parts); i++)
        {
            var at = $"{pointer}/prerequisites/{i}/flag";
            var prerequisite = flag.Prerequisites[i];
            CheckedText.List(errors, $"{pointer}/prerequisites/{i}/variants", prerequisite.Variants);
            if (!_flags.ContainsKey(prerequisite.Flag))
            {
                errors.Add(at, "not_found", "There is no such flag.");
            }
            else if (_circular.Contains(flag.Name) && _circular.Contains(prerequisite.Flag))
            {
                errors.Add(at, "invalid", "The flag would wait for itself.");
            }
            else if (_depths.GetValueOrDefault(prerequisite.Flag) >= FlagLimits.PrerequisiteDepth)
            {
                errors.Add(at, "too_many", $"At most {FlagLimits.PrerequisiteDepth} flags may wait for one another in a row.");
            }
        }
    }

    /// <summary>Takes names whose count is zero, one by one, and counts down what comes after them. Gives them in that order.</summary>
    private static List<string> Peel(Dictionary<string, int> counts, Func<string, IEnumerable<string>> next)
    {
        var peeled = new List<string>();
        var open = new Queue<string>(counts.Where(count => count.Value == 0).Select(count => count.Key));
        while (open.TryDequeue(out var name))
        {
            peeled.Add(name);
            foreach (var after in next(name))
            {
                if (--counts[after] == 0)
                {
                    open.Enqueue(after);
                }
            }
        }

        return peeled;
    }

    private Dictionary<string, List<string>> Dependants()
    {
        var dependants = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var flag in _flags.Values)
        {
            foreach (var prerequisite in Known(flag))
            {
                if (!dependants.TryGetValue(prerequisite, out var list))
                {
                    dependants[prerequisite] = list = [];
                }

                list.Add(flag.Name);
            }
        }

        return dependants;
    }

    private IEnumerable<string> Known(FlagDefinition flag) =>
        flag.Prerequisites.Select(prerequisite => prerequisite.Flag).Where(_flags.ContainsKey).Distinct(StringComparer.Ordinal);
}

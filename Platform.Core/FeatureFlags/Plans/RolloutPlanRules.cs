using Platform.Errors;

namespace Platform.FeatureFlags.Plans;

/// <summary>Says what is wrong with a plan, by JSON pointer.</summary>
public static class RolloutPlanRules
{
    private const int MaxStages = 20;
    private const int MaxGuards = 10;
    private const int MaxEndpoints = 20;
    private const int MaxEndpointLength = 300;

    private static readonly TimeSpan ShortestHold = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestHold = TimeSpan.FromDays(90);

    /// <summary>Checks a plan.</summary>
    public static void Check(RolloutPlan plan, FieldErrors errors)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(errors);
        Count(errors, "/stages", plan.Stages.Count, 1, MaxStages);
        for (var i = 0; i < plan.Stages.Count; i++)
        {
            var stage = plan.Stages[i];
            if (stage.Percent is < 0 or > 100 || (i > 0 && stage.Percent <= plan.Stages[i - 1].Percent))
            {
                errors.Add($"/stages/{i}/percent", "out_of_range", "Percentages are between 0 and 100 and grow from stage to stage.");
            }

            if (stage.Hold < ShortestHold || stage.Hold > LongestHold)
            {
                errors.Add($"/stages/{i}/hold", "out_of_range", "A stage is held between 1 second and 90 days.");
            }
        }

        if (plan.FalseStopRate is not (>= 0.0001 and <= 0.1))
        {
            errors.Add("/falseStopRate", "out_of_range", "The chance of a false stop is between 0.0001 and 0.1.");
        }

        Count(errors, "/guards", plan.Guards.Count, 0, MaxGuards);
        for (var i = 0; i < plan.Guards.Count; i++)
        {
            Check(plan.Guards[i], $"/guards/{i}", errors);
        }
    }

    private static void Check(GuardCondition guard, string pointer, FieldErrors errors)
    {
        Count(errors, $"{pointer}/endpoints", guard.Endpoints.Count, 1, MaxEndpoints);
        for (var i = 0; i < guard.Endpoints.Count; i++)
        {
            if (errors.Text($"{pointer}/endpoints/{i}", guard.Endpoints[i], MaxEndpointLength) is { } endpoint && !endpoint.Contains(" /", StringComparison.Ordinal))
            {
                errors.Add($"{pointer}/endpoints/{i}", "invalid", "An endpoint is a method and a route: GET /api/v1/orders.");
            }
        }

        if (guard.Kind == GuardKind.P95)
        {
            if (guard.Limit is not { } limit || limit <= 0 || limit > LatencyBounds.Milliseconds[^1])
            {
                errors.Add($"{pointer}/limit", "out_of_range", $"Milliseconds are needed, up to {LatencyBounds.Milliseconds[^1]}.");
            }
        }
        else if (guard is { Scope: GuardScope.Endpoint, Limit: null })
        {
            errors.Add($"{pointer}/limit", "required", "A guard of everybody at an endpoint needs a limit.");
        }
        else if (guard.Limit is { } share && share is not (> 0 and < 1))
        {
            errors.Add($"{pointer}/limit", "out_of_range", "A share is between 0 and 1.");
        }

        if (guard.Tests == 0 && guard.Scope == GuardScope.Callers)
        {
            errors.Add($"{pointer}/compares", "invalid", "A guard compares, or has a limit.");
        }
    }

    private static void Count(FieldErrors errors, string pointer, int count, int least, int most)
    {
        if (count < least || count > most)
        {
            errors.Add(pointer, "out_of_range", $"{least} to {most} are allowed.");
        }
    }
}

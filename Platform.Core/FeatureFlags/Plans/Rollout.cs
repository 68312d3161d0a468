using System.Globalization;
using Platform.Errors;

namespace Platform.FeatureFlags.Plans;

/// <summary>Moves a plan on: no clock, no I/O of its own. Whoever calls it saves the state and sets the flag's percentage in one transaction.</summary>
public static class Rollout
{
    private const double SlowShare = 0.05;

    /// <summary>Begins at the first stage.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="percentBefore">The flag's percentage now.</param>
    /// <param name="now">The time.</param>
    public static RolloutState Start(RolloutPlan plan, decimal? percentBefore, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new RolloutState
        {
            Status = RolloutStatus.Running,
            Stage = 0,
            StageStartedAt = now,
            ReadUntil = now,
            PercentBefore = percentBefore,
            Evidence = [.. Enumerable.Range(0, plan.Guards.Sum(guard => guard.Tests)).Select(_ => SequentialTest.Begin())],
            Reason = Stage(plan, 0),
        };
    }

    /// <summary>Stops where it is.</summary>
    /// <exception cref="ErrorException">It does not run.</exception>
    public static RolloutState Pause(RolloutState state, string reason, DateTimeOffset now) =>
        In(state, RolloutStatus.Running) with { Status = RolloutStatus.Paused, PausedAt = now, Reason = reason };

    /// <summary>Goes on where it was paused; the time of the pause does not count.</summary>
    /// <exception cref="ErrorException">It is not paused.</exception>
    public static RolloutState Resume(RolloutState state, DateTimeOffset now) => In(state, RolloutStatus.Paused) with
    {
        Status = RolloutStatus.Running,
        StageStartedAt = state.StageStartedAt + (now - state.PausedAt),
        PausedAt = null,
        ReadUntil = now,
        Reason = "Resumed.",
    };

    /// <summary>Gives the flag back the percentage that it had before the plan.</summary>
    /// <exception cref="ErrorException">It was never started, or is rolled back already.</exception>
    public static RolloutState RollBack(RolloutState state, string reason) =>
        In(state, RolloutStatus.Running, RolloutStatus.Paused, RolloutStatus.Completed) with { Status = RolloutStatus.RolledBack, Reason = reason };

    /// <summary>The percentage that the flag has to have in a state; null leaves it as it is.</summary>
    public static (bool Sets, decimal? Percent) PercentOf(RolloutPlan plan, RolloutState state)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(state);
        return state.Status switch
        {
            RolloutStatus.RolledBack => (true, state.PercentBefore),
            RolloutStatus.Idle => (false, null),
            _ => (true, plan.Stages[state.Stage ?? 0].Percent),
        };
    }

    /// <summary>Looks at what guards saw since the last look: rolls back where one fails, and goes to the next stage when its time has come.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="state">Where it stands; anything but running stays as it is.</param>
    /// <param name="seen">For each guard, in their order, what it saw after <see cref="RolloutState.ReadUntil"/>.</param>
    /// <param name="until">What was read goes up to here.</param>
    /// <param name="now">The time.</param>
    public static RolloutState Look(
        RolloutPlan plan, RolloutState state, IReadOnlyList<IReadOnlyList<GuardWindow>> seen, DateTimeOffset until, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(seen);
        if (state.Status != RolloutStatus.Running)
        {
            return state;
        }

        double[][] evidence = [.. state.Evidence.Select(test => (double[])test.Clone())];
        var failed = Gather(plan, evidence, seen);
        state = state with { Evidence = evidence, ReadUntil = until };
        if (failed is not null)
        {
            return RollBack(Pause(state, failed, now), failed);
        }

        var stage = state.Stage ?? 0;
        if (now - state.StageStartedAt < plan.Stages[stage].Hold)
        {
            return state;
        }

        return stage + 1 < plan.Stages.Count
            ? state with { Stage = stage + 1, StageStartedAt = now, Reason = Stage(plan, stage + 1) }
            : state with { Status = RolloutStatus.Completed, Reason = "All stages were held." };
    }

    private static string? Gather(RolloutPlan plan, double[][] evidence, IReadOnlyList<IReadOnlyList<GuardWindow>> seen)
    {
        var bound = Math.Log(evidence.Length / plan.FalseStopRate);
        var test = 0;
        string? failed = null;
        for (var i = 0; i < plan.Guards.Count; i++)
        {
            var guard = plan.Guards[i];
            if (guard.Compares)
            {
                var compared = evidence[test++];
                foreach (var window in seen[i])
                {
                    SequentialTest.Compare(compared, window.Without, window.With);
                }

                failed ??= SequentialTest.Log(compared) >= bound ? $"{Name(guard)} is worse with the flag than without it." : null;
            }

            if (guard.Limit is { } limit)
            {
                var limited = evidence[test++];
                var share = guard.Kind == GuardKind.P95 ? SlowShare : limit;
                foreach (var window in seen[i])
                {
                    SequentialTest.Limit(limited, window.With, share);
                }

                failed ??= SequentialTest.Log(limited) >= bound
                    ? string.Create(CultureInfo.InvariantCulture, $"{Name(guard)} is over {limit}{(guard.Kind == GuardKind.P95 ? " ms" : "")} with the flag.")
                    : null;
            }
        }

        return failed;
    }

    private static string Name(GuardCondition guard) =>
        $"{(guard.Kind == GuardKind.P95 ? "The 95th percentile" : "The error rate")} of {string.Join(", ", guard.Endpoints)}";

    private static string Stage(RolloutPlan plan, int stage) =>
        string.Create(CultureInfo.InvariantCulture, $"Stage {stage + 1} of {plan.Stages.Count}: {plan.Stages[stage].Percent} percent.");

    private static RolloutState In(RolloutState state, params RolloutStatus[] allowed)
    {
        ArgumentNullException.ThrowIfNull(state);
        return allowed.Contains(state.Status) ? state : throw new ErrorException(ErrorCode.OperationNotAllowed, "The plan's state does not allow this.");
    }
}

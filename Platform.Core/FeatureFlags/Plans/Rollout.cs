using System.Globalization;
using Platform.Errors;

namespace Platform.FeatureFlags.Plans;

/// <summary>Moves a plan on: no clock, no I/O of its own. Whoever calls it saves the state and sets the flag's percentage in one transaction.</summary>
public static class Rollout
{
    private const double SlowShare = 0.05;
    private const double StageShare = 0.75;

    // Budgets of a minute are complete so much after its end.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(20);

    // How far apart windows of guards are, and how long a change that a stage brought is looked for with more weight.
    private static readonly TimeSpan CallerStep = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan EndpointStep = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan CallerStart = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan EndpointStart = TimeSpan.FromMinutes(2);

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
            EndpointsReadUntil = BudgetGuards.Ceiling(now),
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
        EndpointsReadUntil = BudgetGuards.Ceiling(now),
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
    /// <param name="seen">
    /// For each guard, in their order, what it saw after <see cref="RolloutState.ReadUntil"/>, or after <see cref="RolloutState.EndpointsReadUntil"/>.
    /// </param>
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

        // A minute that is not over is looked at and not kept: it is read again as a whole.
        var settled = BudgetGuards.Floor(now - Settling);
        settled = settled > state.EndpointsReadUntil ? settled : state.EndpointsReadUntil;
        double[][] evidence = [.. state.Evidence.Select(test => (double[])test.Clone())];
        var failed = Gather(plan, state, evidence, seen, settled);
        state = state with { Evidence = evidence, ReadUntil = until, EndpointsReadUntil = settled };
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

    private static string? Gather(
        RolloutPlan plan, RolloutState state, double[][] evidence, IReadOnlyList<IReadOnlyList<GuardWindow>> seen, DateTimeOffset settled)
    {
        var bound = Math.Log(evidence.Length / plan.FalseStopRate);
        var test = 0;
        string? failed = null;
        for (var i = 0; i < plan.Guards.Count; i++)
        {
            var guard = plan.Guards[i];
            if (guard.ComparesCallers)
            {
                var compared = evidence[test++];
                foreach (var window in seen[i])
                {
                    SequentialTest.Compare(compared, window.Without, window.With, Share(plan, state, guard, window));
                }

                failed ??= SequentialTest.Log(compared) >= bound ? $"{Name(guard)} is worse with the flag than without it." : null;
            }

            if (guard.Limit is { } limit)
            {
                var limited = evidence[test++];
                var share = guard.Kind == GuardKind.P95 ? SlowShare : limit;
                foreach (var window in seen[i].Where(window => guard.Scope == GuardScope.Callers || window.At <= settled))
                {
                    SequentialTest.Limit(limited, window.With, share, Share(plan, state, guard, window));
                }

                var present = (double[])limited.Clone();
                foreach (var window in seen[i].Where(window => guard.Scope == GuardScope.Endpoint && window.At > settled))
                {
                    SequentialTest.Limit(present, window.With, share, Share(plan, state, guard, window));
                }

                failed ??= SequentialTest.Log(present) >= bound
                    ? string.Create(
                        CultureInfo.InvariantCulture,
                        $"{Name(guard)} is over {limit}{(guard.Kind == GuardKind.P95 ? " ms" : "")}{(guard.Scope == GuardScope.Callers ? " with the flag" : "")}.")
                    : null;
            }
        }

        return failed;
    }

    /// <summary>
    /// How much of the evidence begins with a window: a quarter of it evenly over the whole plan, the rest where stages begin, which is when things break.
    /// </summary>
    private static double Share(RolloutPlan plan, RolloutState state, GuardCondition guard, GuardWindow window)
    {
        var (step, start) = guard.Scope == GuardScope.Callers ? (CallerStep, CallerStart) : (EndpointStep, EndpointStart);
        var windows = Math.Max(1, plan.Stages.Sum(stage => stage.Hold.TotalSeconds) / step.TotalSeconds);
        var elapsed = window.At - state.StageStartedAt;
        var isStart = elapsed > TimeSpan.Zero && elapsed <= start;
        return ((1 - StageShare) / windows) + (isStart ? StageShare / plan.Stages.Count / (start / step) : 0);
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

using System.Globalization;
using Platform.Errors;
using Platform.FeatureFlags.Plans;

namespace Platform.FeatureFlags.Tests.Plans;

/// <summary>Plans on a clock and traffic of their own.</summary>
public sealed class RolloutTests
{
    private static readonly DateTimeOffset Began = new(2026, 1, 1, 8, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(5);

    private static readonly RolloutPlan Plan = new()
    {
        Stages = [new(0, TimeSpan.FromMinutes(2)), new(5, TimeSpan.FromMinutes(5)), new(25, TimeSpan.FromMinutes(5)), new(100, TimeSpan.FromMinutes(5))],
        Guards =
        [
            new() { Kind = GuardKind.ErrorRate, Endpoints = ["GET /orders"] },
            new() { Kind = GuardKind.P95, Endpoints = ["GET /orders"], Limit = 500 },
        ],
    };

    [Fact]
    public void Stages_are_held_and_end_with_everybody()
    {
        var traffic = new Traffic(new Random(1));
        var state = Rollout.Start(Plan, 10, Began);
        List<(int Minute, decimal? Percent)> steps = [];
        for (var now = Began; state.Status == RolloutStatus.Running; now += Tick)
        {
            var percent = Rollout.PercentOf(Plan, state).Percent;
            if (steps.Count == 0 || steps[^1].Percent != percent)
            {
                steps.Add(((int)(now - Began).TotalMinutes, percent));
            }

            state = Rollout.Look(Plan, state, traffic.See(percent ?? 0, now), now, now);
        }

        Assert.Equal(RolloutStatus.Completed, state.Status);
        Assert.Equal([(0, 0m), (2, 5m), (7, 25m), (12, 100m)], steps);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(25)]
    public void Errors_that_rise_from_1_to_5_percent_are_back_within_a_minute(int percent)
    {
        List<double> seconds = [];
        for (var seed = 0; seed < 100; seed++)
        {
            seconds.Add(SecondsToStop(new Random(seed), percent));
        }

        Assert.InRange(seconds.Max(), 1, 60);
    }

    [Fact]
    public void Errors_that_rise_after_hours_in_which_all_was_well_are_back_within_a_minute_too()
    {
        var plan = Plan with { Stages = [new(25, TimeSpan.FromHours(4)), new(100, TimeSpan.FromHours(4))] };
        for (var seed = 0; seed < 10; seed++)
        {
            var random = new Random(seed);
            var (good, bad) = (new Traffic(random) { PerTick = 1_500 }, new Traffic(random) { PerTick = 1_500, ErrorsWith = 0.05 });
            var state = Rollout.Start(plan, 0, Began);
            var now = Began;
            for (; now < Began.AddHours(3); now += Tick)
            {
                state = Rollout.Look(plan, state, good.See(25, now), now, now);
            }

            Assert.Equal(RolloutStatus.Running, state.Status);
            var rise = now;
            for (; state.Status == RolloutStatus.Running && now < rise.AddMinutes(5); now += Tick)
            {
                state = Rollout.Look(plan, state, bad.See(25, now), now, now);
            }

            Assert.InRange((now - rise).TotalSeconds, 1, 60);
        }
    }

    [Fact]
    public void Answers_that_become_slow_are_noticed()
    {
        var traffic = new Traffic(new Random(3)) { SlowWith = 0.2 };
        var state = At(25);
        for (var now = Began; state.Status == RolloutStatus.Running && now < Began.AddMinutes(1); now += Tick)
        {
            state = Rollout.Look(Plan, state, traffic.See(25, now), now, now);
        }

        Assert.Equal(RolloutStatus.RolledBack, state.Status);
        Assert.Contains("95th percentile", state.Reason, StringComparison.Ordinal);
    }

    // A thousand: PLATFORM_FLAG_PLANS=1000 dotnet test ...
    private static readonly int Plans = int.Parse(Environment.GetEnvironmentVariable("PLATFORM_FLAG_PLANS") ?? "250", CultureInfo.InvariantCulture);

    [Fact]
    public void Of_plans_under_which_nothing_changes_at_most_one_in_a_hundred_is_stopped()
    {
        var stopped = 0;
        for (var seed = 0; seed < Plans; seed++)
        {
            // Errors come and go for everybody, as they do.
            var traffic = new Traffic(new Random(seed)) { PerTick = 200, Drifts = true };
            var state = Rollout.Start(Plan, null, Began);
            for (var now = Began; state.Status == RolloutStatus.Running; now += Tick)
            {
                state = Rollout.Look(Plan, state, traffic.See(Rollout.PercentOf(Plan, state).Percent ?? 0, now), now, now);
            }

            stopped += state.Status == RolloutStatus.RolledBack ? 1 : 0;
        }

        Assert.InRange(stopped, 0, Plans / 100);
    }

    [Fact]
    public void Pause_holds_the_clock_of_the_stage()
    {
        var state = Rollout.Start(Plan, null, Began);
        state = Rollout.Pause(state, "lunch", Began.AddMinutes(1));
        Assert.Same(state, Rollout.Look(Plan, state, [[], []], Began.AddHours(1), Began.AddHours(1)));
        state = Rollout.Resume(state, Began.AddHours(1));
        state = Rollout.Look(Plan, state, [[], []], Began.AddHours(1), Began.AddHours(1).AddSeconds(59));
        Assert.Equal(0, state.Stage);
        state = Rollout.Look(Plan, state, [[], []], Began.AddHours(1), Began.AddHours(1).AddSeconds(60));
        Assert.Equal(1, state.Stage);
    }

    [Fact]
    public void What_does_not_fit_the_state_is_refused()
    {
        var idle = new RolloutState();
        Assert.Throws<ErrorException>(() => Rollout.Pause(idle, "", Began));
        Assert.Throws<ErrorException>(() => Rollout.Resume(idle, Began));
        Assert.Throws<ErrorException>(() => Rollout.RollBack(idle, ""));
        var back = Rollout.RollBack(Rollout.Start(Plan, 7, Began), "no");
        Assert.Equal((true, 7m), Rollout.PercentOf(Plan, back));
        Assert.Throws<ErrorException>(() => Rollout.RollBack(back, ""));
    }

    [Fact]
    public void Every_error_of_a_plan_is_named()
    {
        var errors = new FieldErrors();
        RolloutPlanRules.Check(
            new RolloutPlan
            {
                Stages = [new(5, TimeSpan.Zero), new(5, TimeSpan.FromDays(91)), new(101, TimeSpan.FromHours(1))],
                Guards = [new() { Kind = GuardKind.P95, Endpoints = [] }, new() { Endpoints = ["orders"], Limit = 1, Compares = false },
                    new() { Endpoints = ["GET /orders"], Scope = GuardScope.Endpoint }],
                FalseStopRate = 1,
            },
            errors);
        Assert.Equal(
            [
                "/stages/0/hold", "/stages/1/percent", "/stages/1/hold", "/stages/2/percent", "/falseStopRate", "/guards/0/endpoints",
                "/guards/0/limit", "/guards/1/endpoints/0", "/guards/1/limit", "/guards/2/limit",
            ],
            errors.All.Select(error => error.Pointer));
    }

    private static double SecondsToStop(Random random, int percent)
    {
        var traffic = new Traffic(random) { PerTick = 2_000, ErrorsWith = 0.05 };
        var state = At(percent);
        for (var now = Began + Tick; ; now += Tick)
        {
            state = Rollout.Look(Plan, state, traffic.See(percent, now), now, now);
            if (state.Status != RolloutStatus.Running || now > Began.AddMinutes(10))
            {
                return (now - Began).TotalSeconds;
            }
        }
    }

    private static RolloutState At(int percent) => Rollout.Start(Plan, 0, Began) with
    {
        Stage = Plan.Stages.Select((stage, index) => (stage, index)).First(entry => entry.stage.Percent == percent).index,
    };

    /// <summary>Requests of callers with and without the flag, in ticks of five seconds.</summary>
    private sealed class Traffic(Random random)
    {
        public int PerTick { get; init; } = 1_000;

        public double ErrorsWith { get; init; } = 0.01;

        public double SlowWith { get; init; } = 0.02;

        public bool Drifts { get; init; }

        public IReadOnlyList<IReadOnlyList<GuardWindow>> See(decimal percent, DateTimeOffset now)
        {
            var with = Draw(PerTick, (double)percent / 100);
            var tide = Drifts ? 1 + Math.Sin(now.Minute) : 1;
            GuardWindow Window(double usual, double flagged) =>
                new(now, new(PerTick - with, Draw(PerTick - with, usual * tide)), new(with, Draw(with, flagged * (ErrorsWith > 0.01 ? 1 : tide))));
            return [[Window(0.01, ErrorsWith)], [Window(0.02, SlowWith)]];
        }

        /// <summary>How many of them, each with this chance: by the distance from one to the next.</summary>
        private int Draw(int count, double chance)
        {
            if (chance is <= 0 or >= 1)
            {
                return chance <= 0 ? 0 : count;
            }

            var drawn = 0;
            for (var at = Distance(chance); at <= count; at += Distance(chance))
            {
                drawn++;
            }

            return drawn;
        }

        private double Distance(double chance) => 1 + Math.Floor(Math.Log(1 - random.NextDouble()) / Math.Log(1 - chance));
    }
}

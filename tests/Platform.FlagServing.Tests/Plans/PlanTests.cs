using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Platform.Budgets;
using Platform.EntityFrameworkCore.Budgets;
using Platform.EntityFrameworkCore.FeatureFlags;
using Platform.EntityFrameworkCore.FeatureFlags.Plans;
using Platform.EntityFrameworkCore.Messaging;
using Platform.Errors;
using Platform.FeatureFlags;
using Platform.FeatureFlags.Plans;
using Platform.FlagServing.Tests.Support;
using Platform.Identifiers;
using Platform.Messaging.Jobs;
using Platform.ServiceDefaults.FeatureFlags.Outcomes;
using Platform.Testing;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace Platform.FlagServing.Tests.Plans;

/// <summary>The tables of flags, of leases and nothing else.</summary>
public sealed class PlanContext(DbContextOptions<PlanContext> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.ApplyFeatureFlags().ApplyMessaging().ApplyBudgets("platform");
}

public sealed class PlanTests(PostgresFixture postgres)
{
    private const string Flag = "checkout";
    private const string Endpoint = "GET /orders";

    private static readonly JobLease Lease = new("flag-plans", 7);
    private static readonly FlagAuthor Ann = new("ann", "PAY-118");

    private static readonly DatabaseTemplate Template = new("flag-plans", async (connectionString, cancellationToken) =>
    {
        await using var context = new PlanContext(new DbContextOptionsBuilder<PlanContext>().UseNpgsql(connectionString).Options);
        await context.Database.EnsureCreatedAsync(cancellationToken);
        await context.Database.ExecuteSqlRawAsync(FlagSchema.Up, cancellationToken);
        await context.Database.ExecuteSqlRawAsync(
            "INSERT INTO platform.core_lease (name, token, expires_at, due_at) VALUES ('flag-plans', 7, now() + interval '1 hour', now())", cancellationToken);
    });

    private static readonly RolloutPlan Plan = new()
    {
        Stages = [new(5, TimeSpan.FromMinutes(10)), new(25, TimeSpan.FromMinutes(10)), new(100, TimeSpan.FromMinutes(10))],
        Guards = [new() { Endpoints = [Endpoint] }],
    };

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 1, 8, 0, 0, TimeSpan.Zero));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Plan_runs_once_on_three_replicas_and_goes_on_after_they_are_all_replaced()
    {
        await using var database = await postgres.CreateDatabaseAsync(Template);
        await using (var first = Replica(database))
        {
            await BeginAsync(first);
        }

        for (var step = 0; step < 3; step++)
        {
            // New processes for each stage: nothing of a plan is kept in one.
            _clock.Advance(TimeSpan.FromMinutes(10));
            ServiceProvider[] replicas = [Replica(database), Replica(database), Replica(database)];
            await Task.WhenAll(replicas.Select(replica => Task.Run(() => RunAsync(replica), Stop)));
            foreach (var replica in replicas)
            {
                await replica.DisposeAsync();
            }
        }

        await using var last = Replica(database);
        var record = await last.GetRequiredService<IFlagPlans>().FindAsync(Flag, Stop);
        Assert.Equal(RolloutStatus.Completed, record!.State.Status);
        var audit = await last.GetRequiredService<IFlagStore>().ListAuditAsync(new FlagAuditFilter { Name = Flag }, cancellationToken: Stop);
        Assert.Equal(
            [("plan", 100m), ("plan", 25m), ("ann", 5m), ("ann", 1m)],
            audit.Items.Select(entry => (entry.Author.Name, entry.After!.Value.GetProperty("percent").GetDecimal())));
    }

    [Fact]
    public async Task Errors_of_those_who_have_the_flag_bring_the_old_percentage_back_within_a_minute()
    {
        await using var database = await postgres.CreateDatabaseAsync(Template);
        await using var replica = Replica(database);
        var plans = replica.GetRequiredService<IFlagPlans>();
        await BeginAsync(replica);
        var random = new Random(1);

        // A quiet minute, then 5 errors in 100 instead of 1.
        var (quiet, loud) = (0, 0);
        while (quiet < 60)
        {
            await TrafficAsync(replica, random, 0.01);
            quiet += 5;
        }

        Assert.Equal(RolloutStatus.Running, (await plans.FindAsync(Flag, Stop))!.State.Status);
        while (loud < 120 && (await plans.FindAsync(Flag, Stop))!.State.Status == RolloutStatus.Running)
        {
            await TrafficAsync(replica, random, 0.05);
            loud += 5;
        }

        Assert.InRange(loud, 5, 60);
        var record = await plans.FindAsync(Flag, Stop);
        Assert.Equal(RolloutStatus.RolledBack, record!.State.Status);
        var stored = await replica.GetRequiredService<IFlagStore>().ReadAsync(Stop);
        Assert.Equal(1, ((FlagDefinition)stored.Find(FlagKey.Flag(Flag))!.Definition).Percent);
        var entry = (await replica.GetRequiredService<IFlagStore>().ListAuditAsync(new FlagAuditFilter { Name = Flag }, cancellationToken: Stop)).Items[0];
        Assert.Equal(("plan", $"The error rate of {Endpoint} is worse with the flag than without it."), (entry.Author.Name, entry.Author.Reason));

        // The rest of its stages never comes.
        _clock.Advance(TimeSpan.FromHours(1));
        await RunAsync(replica);
        Assert.Equal(RolloutStatus.RolledBack, (await plans.FindAsync(Flag, Stop))!.State.Status);
    }

    [Theory]
    [InlineData(GuardKind.ErrorRate, 0.02)]
    [InlineData(GuardKind.P95, 200)]
    public async Task Budgets_of_the_endpoint_bring_the_old_percentage_back_within_a_minute(GuardKind kind, double limit)
    {
        await using var database = await postgres.CreateDatabaseAsync(Template);
        await using var replica = Replica(database);
        var plans = replica.GetRequiredService<IFlagPlans>();
        var plan = new RolloutPlan
        {
            Stages = [new(100, TimeSpan.FromHours(1))],
            Guards = [new() { Kind = kind, Scope = GuardScope.Endpoint, Endpoints = [Endpoint], Limit = limit }],
        };
        await BeginAsync(replica, plan, percent: 100);
        var random = new Random(1);
        var measured = new Measured(replica.GetRequiredService<IBudgetStore>(), Uuid7.Next(_clock), random);

        // Ten minutes in which 1 in 100 fails and 2 in 100 are slow; then 5 and 20.
        for (var second = 0; second < 600; second += 10)
        {
            await LookAsync(0.01, 0.02);
        }

        Assert.Equal(RolloutStatus.Running, (await plans.FindAsync(Flag, Stop))!.State.Status);
        var loud = 0;
        while (loud < 120 && (await plans.FindAsync(Flag, Stop))!.State.Status == RolloutStatus.Running)
        {
            await LookAsync(0.05, 0.2);
            loud += 10;
        }

        Assert.InRange(loud, 10, 60);
        var record = await plans.FindAsync(Flag, Stop);
        Assert.Equal(RolloutStatus.RolledBack, record!.State.Status);
        Assert.Contains(Endpoint, record.State.Reason, StringComparison.Ordinal);
        Assert.Equal(1, await PercentAsync(replica));

        // A replica writes every ten seconds what it has of the minute so far.
        async Task LookAsync(double failing, double slow)
        {
            _clock.Advance(TimeSpan.FromSeconds(10));
            await measured.AddAsync(_clock.GetUtcNow().AddSeconds(-1), requests: 1_000, failing, slow);
            await RunAsync(replica);
        }
    }

    [Fact]
    public async Task Process_whose_lease_is_anothers_moves_nothing()
    {
        await using var database = await postgres.CreateDatabaseAsync(Template);
        await using var replica = Replica(database);
        await BeginAsync(replica);
        _clock.Advance(TimeSpan.FromMinutes(10));
        await Assert.ThrowsAsync<InvalidOperationException>(() => replica.GetRequiredService<FlagPlans>().AdvanceAsync(Lease with { Token = 6 }, Stop));
        Assert.Equal(0, (await replica.GetRequiredService<IFlagPlans>().FindAsync(Flag, Stop))!.State.Stage);
    }

    [Fact]
    public async Task Person_pauses_resumes_and_rolls_back_and_what_does_not_fit_is_refused()
    {
        await using var database = await postgres.CreateDatabaseAsync(Template);
        await using var replica = Replica(database);
        var plans = replica.GetRequiredService<IFlagPlans>();
        await BeginAsync(replica);
        await Assert.ThrowsAsync<ErrorException>(() => plans.SetPlanAsync(Flag, Plan, Stop));
        await Assert.ThrowsAsync<ErrorException>(() => plans.CommandAsync(Flag, RolloutCommand.Start, Ann, Stop));

        await plans.CommandAsync(Flag, RolloutCommand.Pause, Ann, Stop);
        _clock.Advance(TimeSpan.FromHours(1));
        await RunAsync(replica);
        Assert.Equal(0, (await plans.FindAsync(Flag, Stop))!.State.Stage);

        await plans.CommandAsync(Flag, RolloutCommand.Resume, Ann, Stop);
        _clock.Advance(TimeSpan.FromMinutes(10));
        await RunAsync(replica);
        Assert.Equal(1, (await plans.FindAsync(Flag, Stop))!.State.Stage);

        var back = await plans.CommandAsync(Flag, RolloutCommand.RollBack, Ann, Stop);
        Assert.Equal(RolloutStatus.RolledBack, back.State.Status);
        Assert.Equal(1, await PercentAsync(replica));
        await Assert.ThrowsAsync<ErrorException>(() => plans.CommandAsync("unknown", RolloutCommand.Start, Ann, Stop));
    }

    [Fact]
    public async Task Flags_that_nobody_asks_or_that_everybody_has_become_stale()
    {
        await using var database = await postgres.CreateDatabaseAsync(Template);
        await using var replica = Replica(database);
        await replica.GetRequiredService<IFlagStore>().EditAsync(
            new FlagEdit(Ann, document => document with
            {
                Flags = [new() { Name = "used", Percent = 5 }, new() { Name = "everybody", Everyone = true }, new() { Name = "forgotten" }],
            }),
            Stop);
        var plans = replica.GetRequiredService<IFlagPlans>();
        await NoteAsync(replica);
        _clock.Advance(TimeSpan.FromDays(31));
        await replica.GetRequiredService<IFlagOutcomes>().MarkEvaluatedAsync(new Dictionary<string, long> { ["used"] = 3, ["everybody"] = 1 }, Stop);
        await plans.SetMetadataAsync("used", new FlagMetadata { Owner = "team-pay", ExpiresAt = _clock.GetUtcNow() }, Stop);

        Assert.Equal(
            [("everybody", StaleReason.FullyOn), ("forgotten", StaleReason.NotEvaluated), ("used", StaleReason.Expired)],
            (await plans.FindStaleAsync(TimeSpan.FromDays(30), Stop)).Select(flag => (flag.Name, flag.Reason)));

        // Not on for everybody any more: nothing to clean up.
        await replica.GetRequiredService<IFlagStore>().EditAsync(
            new FlagEdit(Ann, document => document.With(new FlagDefinition { Name = "everybody", Percent = 50 })), Stop);
        await NoteAsync(replica);
        Assert.DoesNotContain("everybody", (await plans.FindStaleAsync(TimeSpan.FromDays(30), Stop)).Select(flag => flag.Name));
        Assert.Equal("team-pay", (await plans.FindAsync("used", Stop))!.Metadata.Owner);
    }

    [Fact]
    public async Task Host_counts_how_requests_end_with_and_without_the_flag_and_which_flags_are_asked()
    {
        await using var database = await postgres.CreateDatabaseAsync(Template);
        await using (var replica = Replica(database))
        {
            await BeginAsync(replica);
        }

        await using var host = await FlagHost.StartAsync(
            app => Microsoft.AspNetCore.Builder.EndpointRouteBuilderExtensions.MapGet(app, "/orders", (Microsoft.AspNetCore.Http.HttpContext http) =>
            {
                var flags = http.RequestServices.GetRequiredService<IFeatureFlags>();
                if (flags.IsEnabled(Flag, Platform.ServiceDefaults.FeatureFlags.Gates.FlagGateExtensions.GetFlagContext(http)))
                {
                    throw new InvalidOperationException("The new code fails.");
                }

                return "old";
            }),
            services =>
            {
                services.AddDbContext<PlanContext>(options => options.UseNpgsql(database.ConnectionString));
                services.AddFlagPlans<PlanContext>();
                services.AddFlagOutcomes();
            });
        host.With(new FlagDefinition { Name = Flag, Users = ["ann"] }, new FlagDefinition { Name = "silent" });
        var outcomes = host.Services.GetRequiredService<FlagOutcomes>();
        await outcomes.ExchangeAsync(Stop);
        for (var i = 0; i < 3; i++)
        {
            await host.TextAsync("/orders", user: "ann");
            await host.TextAsync("/orders", user: "bob");
        }

        await host.TextAsync("/orders", user: "bob");
        await outcomes.ExchangeAsync(Stop);
        await outcomes.MarkAsync(Stop);
        var impact = await host.Services.GetRequiredService<IFlagPlans>().MeasureAsync(Flag, Stop);
        Assert.Equal([(Endpoint, "off", 4L, 0L), (Endpoint, "on", 3L, 3L)], impact!.Items.Select(item => (item.Endpoint, item.Arm, item.Exposures, item.Errors)));
        Assert.Equal(7, impact.Evaluations);
        Assert.Empty(host.Flags.TakeAsked());

        // A flag that is compiled anew is counted on.
        await host.TextAsync("/orders", user: "bob");
        host.With(new FlagDefinition { Name = Flag, Users = ["bob"] });
        await host.TextAsync("/orders", user: "ann");
        await outcomes.MarkAsync(Stop);
        Assert.Equal(9, (await host.Services.GetRequiredService<IFlagPlans>().MeasureAsync(Flag, Stop))!.Evaluations);
        Assert.Null(await host.Services.GetRequiredService<IFlagPlans>().MeasureAsync("unknown", Stop));
    }

    [Fact]
    public async Task Callers_of_a_stage_are_counted_once_over_all_hosts_and_those_that_stay_away_show()
    {
        await using var database = await postgres.CreateDatabaseAsync(Template);
        await using var replica = Replica(database);
        await BeginAsync(replica, Plan with { Stages = [new(20, TimeSpan.FromHours(1)), new(100, TimeSpan.FromHours(1))] }, percent: 20);
        var plans = replica.GetRequiredService<IFlagPlans>();
        await using var first = await HostAsync();
        await using var second = await HostAsync();
        FlagHost[] hosts = [first, second];
        await ExchangeAsync();

        // Everybody comes to both hosts, and named callers are no part of a share.
        for (var i = 0; i < 300; i++)
        {
            await Task.WhenAll(hosts.Select(host => host.TextAsync("/orders", user: $"user-{i}")));
        }

        await first.TextAsync("/orders", user: "named");
        await ExchangeAsync();
        var ratio = (await plans.MeasureAsync(Flag, Stop))!.SampleRatio!;
        Assert.Equal(["off", "on"], ratio.Arms.Select(arm => arm.Arm));
        Assert.Equal(300, ratio.Arms.Sum(arm => arm.Callers));
        Assert.Equal([240.0, 60.0], ratio.Arms.Select(arm => arm.Expected));
        Assert.False(ratio.IsMismatch);

        // Now half of those who have the flag stay away.
        var drawn = first.Flags.Snapshot;
        for (var i = 1_000; i < 1_600; i++)
        {
            if (i % 2 == 0 || !drawn.Evaluate(Flag, new FlagContext { UserId = $"user-{i}" }).Enabled)
            {
                await first.TextAsync("/orders", user: $"user-{i}");
            }
        }

        await ExchangeAsync();
        ratio = (await plans.MeasureAsync(Flag, Stop))!.SampleRatio!;
        Assert.True(ratio.IsMismatch, $"{ratio.PValue}");

        // The next stage begins anew.
        _clock.Advance(TimeSpan.FromHours(1));
        await RunAsync(replica);
        await ExchangeAsync();
        Assert.Equal(0, (await plans.MeasureAsync(Flag, Stop))!.SampleRatio!.Arms.Sum(arm => arm.Callers));
        await NoteAsync(replica);
        await using var connection = await database.OpenConnectionAsync(Stop);
        await using var count = new Npgsql.NpgsqlCommand("SELECT count(*) FROM platform.core_feature_flag_caller", connection);
        Assert.Equal(0L, await count.ExecuteScalarAsync(Stop));

        async Task ExchangeAsync()
        {
            foreach (var host in hosts)
            {
                await host.Services.GetRequiredService<FlagOutcomes>().ExchangeAsync(Stop);
            }
        }

        async Task<FlagHost> HostAsync()
        {
            var host = await FlagHost.StartAsync(
                app => Microsoft.AspNetCore.Builder.EndpointRouteBuilderExtensions.MapGet(app, "/orders", () => "orders"),
                services =>
                {
                    services.AddDbContext<PlanContext>(options => options.UseNpgsql(database.ConnectionString));
                    services.AddFlagPlans<PlanContext>();
                    services.AddFlagOutcomes();
                },
                new() { ["Platform:FeatureFlags:SigningKey"] = Convert.ToBase64String(new byte[32]) });
            return host.With(new FlagDefinition { Name = Flag, Percent = 20, Users = ["named"] });
        }
    }

    private ServiceProvider Replica(TestDatabase database)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(_clock);
        services.AddDbContext<PlanContext>(options => options.UseNpgsql(database.ConnectionString));
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddBudgetStore<PlanContext>();
        services.AddFlagPlans<PlanContext>();
        return services.BuildServiceProvider(validateScopes: true);
    }

    private async Task BeginAsync(ServiceProvider replica, RolloutPlan? plan = null, decimal percent = 5)
    {
        await replica.GetRequiredService<IFlagStore>().EditAsync(
            new FlagEdit(Ann, document => document.With(new FlagDefinition { Name = Flag, Percent = 1 })), Stop);
        var plans = replica.GetRequiredService<IFlagPlans>();
        await plans.SetPlanAsync(Flag, plan ?? Plan, Stop);
        var started = await plans.CommandAsync(Flag, RolloutCommand.Start, Ann, Stop);
        Assert.Equal((RolloutStatus.Running, 0), (started.State.Status, started.State.Stage));
        Assert.Equal(percent, await PercentAsync(replica));
        _clock.Advance(TimeSpan.FromSeconds(5));
    }

    private static async Task RunAsync(ServiceProvider replica)
    {
        while (await replica.GetRequiredService<FlagPlans>().AdvanceAsync(Lease, Stop))
        {
        }
    }

    private static async Task NoteAsync(ServiceProvider replica)
    {
        await using var open = await replica.GetRequiredService<FlagDatabase>().OpenAsync(Stop);
        await replica.GetRequiredService<FlagHygiene>().NoteAsync(open.Connection, Stop);
    }

    private static async Task<decimal?> PercentAsync(ServiceProvider replica) =>
        ((FlagDefinition)(await replica.GetRequiredService<IFlagStore>().ReadAsync(Stop)).Find(FlagKey.Flag(Flag))!.Definition).Percent;

    /// <summary>What one replica's budgets have of the endpoint.</summary>
    private sealed class Measured(IBudgetStore store, Guid replica, Random random)
    {
        private DateTimeOffset _minute;
        private QuantileSketch _latency = new();
        private long _failed;

        public Task AddAsync(DateTimeOffset now, int requests, double failing, double slow)
        {
            var minute = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMinute));
            if (minute != _minute)
            {
                (_minute, _latency, _failed) = (minute, new QuantileSketch(), 0);
            }

            for (var i = 0; i < requests; i++)
            {
                _failed += random.NextDouble() < failing ? 1 : 0;
                _latency.Add(random.NextDouble() < slow ? 400 : 20);
            }

            return store.SaveAsync(replica, minute, [new RouteSlice(Endpoint, _failed, 0, _latency)], Stop);
        }
    }

    /// <summary>Five seconds of 200 requests each, 5 percent of them with the flag, and then a look at the plan.</summary>
    private async Task TrafficAsync(ServiceProvider replica, Random random, double errorsWith)
    {
        _clock.Advance(TimeSpan.FromSeconds(5));
        await replica.GetRequiredService<IFlagOutcomes>().AddAsync([Outcome("off", 950, 0.01), Outcome("on", 50, errorsWith)], Stop);
        await RunAsync(replica);

        FlagOutcome Outcome(string arm, int total, double errors)
        {
            var durations = new long[LatencyBounds.Milliseconds.Count + 1];
            durations[3] = total;
            return new FlagOutcome(Flag, Endpoint, arm, total, Enumerable.Range(0, total).Count(_ => random.NextDouble() < errors), durations);
        }
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Platform.EntityFrameworkCore.Messaging;
using Platform.Errors;
using Platform.Messaging.Jobs;
using Platform.Messaging.Tests.Support;
using Platform.Testing;

namespace Platform.Messaging.Tests.Jobs;

public sealed class RecurringJobTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Job_runs_again_and_again_in_one_process_at_a_time_and_survives_its_failures()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        var tally = new Tally();
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == MessagingTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var first = await StartAsync(database, tally);
        await using var second = await StartAsync(database, tally);
        await using var third = await StartAsync(database, tally);

        await Eventually.BecomesTrueAsync(() => tally.Runs >= 8);

        Assert.Equal(1, tally.MostAtOnce);
        Assert.True(tally.TokensGrow);

        // Each run is a span, and those that failed say so.
        var runs = spans.Where(span => span.OperationName == "run tally").ToArray();
        Assert.Contains(runs, run => run.Status is ActivityStatusCode.Unset);
        Assert.Contains(runs, run => run.Status is ActivityStatusCode.Error && run.Events.Any(@event => @event.Name == "exception"));
    }

    [Fact]
    public async Task Former_holder_that_wakes_up_late_cannot_write()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        await using var host = await StartAsync(database, new Tally());
        await Eventually.BecomesTrueAsync(async () => await host.ScalarAsync<long>("SELECT count(*) FROM platform.core_lease WHERE token > 1") == 1);

        await host.WithContextAsync(async shop =>
        {
            await using var transaction = await shop.Database.BeginTransactionAsync();
            await Assert.ThrowsAsync<InvalidOperationException>(() => shop.HoldLeaseAsync(new JobLease("tally", 1)));
            return 0;
        });
    }

    [Fact]
    public async Task Cron_job_runs_at_its_times_and_tells_its_last_and_next_run()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        var tally = new Tally();
        await using var host = await StartAsync(database, tally, JobSchedule.Cron("* * * * * *"));

        await Eventually.BecomesTrueAsync(() => tally.Runs >= 3);

        await Eventually.BecomesTrueAsync(async () => (await JobAsync(host)) is { Runs: >= 3, LastError: "now and then", CompletedAt: not null });
        var job = await JobAsync(host);
        Assert.Equal("cron * * * * * *", job.Schedule);
        Assert.Equal(0, job.DueAt.Millisecond);
        Assert.InRange(job.DueAt - job.StartedAt!.Value, TimeSpan.FromSeconds(-2), TimeSpan.FromSeconds(2));
        // Each run at a second of its own: the third one needs more than a second after the first.
        Assert.True(tally.Elapsed > TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Job_that_is_due_next_year_is_run_now_when_an_operator_says_so_and_planned_anew_when_its_schedule_changes()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        var tally = new Tally();
        await using (var host = await StartAsync(database, tally, JobSchedule.Cron("0 3 1 1 *", jitter: TimeSpan.FromMinutes(10))))
        {
            await Eventually.BecomesTrueAsync(async () => (await Jobs(host).ListAsync()).Any(one => one.Name == "tally"));
            Assert.Equal(3, (await JobAsync(host)).DueAt.UtcDateTime.Hour);
            Assert.Equal(0, tally.Runs);
            await Jobs(host).RunNowAsync("tally", new OperatorAction("ada", ""), TestContext.Current.CancellationToken);
            await Eventually.BecomesTrueAsync(() => tally.Runs == 1);
            await Eventually.BecomesTrueAsync(async () => (await JobAsync(host)).DueAt.UtcDateTime is { Month: 1, Day: 1, Hour: 3, Minute: < 10 });
            await Assert.ThrowsAsync<ErrorException>(() => Jobs(host).RunNowAsync("nobody", new OperatorAction("ada", "")));
        }

        await using var updated = await StartAsync(database, tally, JobSchedule.Every(TimeSpan.FromDays(1)));
        await Eventually.BecomesTrueAsync(() => tally.Runs == 2);
    }

    [Fact]
    public async Task Clocks_that_differ_by_hours_make_no_run_early()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        var tally = new Tally();
        await using var ahead = await StartAsync(database, tally, JobSchedule.Every(TimeSpan.FromMilliseconds(400)), TimeSpan.FromHours(5));
        await using var behind = await StartAsync(database, tally, JobSchedule.Every(TimeSpan.FromMilliseconds(400)), TimeSpan.FromHours(-5));

        await Eventually.BecomesTrueAsync(() => tally.Runs >= 6);

        Assert.Equal(1, tally.MostAtOnce);
        Assert.True(tally.Elapsed >= TimeSpan.FromMilliseconds(4 * 400));
    }

    [Theory]
    [InlineData("61 * * * *")]
    [InlineData("nonsense")]
    [InlineData("0 0 31 2 *")]
    public void Expression_that_never_comes_is_refused_at_once(string expression) =>
        Assert.Throws<ArgumentException>(() => JobSchedule.Cron(expression));

    private static IRecurringJobs Jobs(ShopHost host) => host.Services.GetRequiredService<IRecurringJobs>();

    private static async Task<JobStatus> JobAsync(ShopHost host) => (await Jobs(host).ListAsync()).Single(one => one.Name == "tally");

    private static Task<ShopHost> StartAsync(TestDatabase database, Tally tally, JobSchedule schedule, TimeSpan offset = default) =>
        ShopHost.StartAsync(database.ConnectionString, services =>
        {
            services.Replace(ServiceDescriptor.Singleton<TimeProvider>(new JumpingTime { Offset = offset }));
            services.Configure<MessagingOptions>(options => options.JobLease = TimeSpan.FromSeconds(1));
            services.AddSingleton(tally);
            services.AddRecurringJob<TallyJob>("tally", schedule);
        });

    private static Task<ShopHost> StartAsync(TestDatabase database, Tally tally) => ShopHost.StartAsync(database.ConnectionString, services =>
    {
        services.AddSingleton(tally);
        services.AddRecurringJob<TallyJob>("tally", TimeSpan.FromMilliseconds(100));
    });

    private sealed class Tally
    {
        private readonly Lock _gate = new();
        private int _inside;
        private long _lastToken;
        private long _first;

        public int Runs { get; private set; }

        /// <summary>From the start of the first run to that of the latest.</summary>
        public TimeSpan Elapsed { get; private set; }

        public int MostAtOnce { get; private set; }

        public bool TokensGrow { get; private set; } = true;

        public void Enter(long token)
        {
            lock (_gate)
            {
                MostAtOnce = Math.Max(MostAtOnce, ++_inside);
                TokensGrow &= token > _lastToken;
                _lastToken = token;
                _first = Runs++ == 0 ? TimeProvider.System.GetTimestamp() : _first;
                Elapsed = TimeProvider.System.GetElapsedTime(_first);
            }
        }

        public void Leave()
        {
            lock (_gate)
            {
                _inside--;
            }
        }
    }

    private sealed class TallyJob(Tally tally) : IRecurringJob
    {
        public async Task RunAsync(JobLease lease, CancellationToken cancellationToken)
        {
            tally.Enter(lease.Token);
            await Task.Delay(20, cancellationToken);
            tally.Leave();
            if (lease.Token % 3 == 0)
            {
                throw new InvalidOperationException("now and then");
            }
        }
    }
}

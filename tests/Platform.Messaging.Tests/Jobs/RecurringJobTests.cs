using Microsoft.Extensions.DependencyInjection;
using Platform.EntityFrameworkCore.Messaging;
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
        await using var first = await StartAsync(database, tally);
        await using var second = await StartAsync(database, tally);
        await using var third = await StartAsync(database, tally);

        await Eventually.BecomesTrueAsync(() => tally.Runs >= 8);

        Assert.Equal(1, tally.MostAtOnce);
        Assert.True(tally.TokensGrow);
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

        public int Runs { get; private set; }

        public int MostAtOnce { get; private set; }

        public bool TokensGrow { get; private set; } = true;

        public void Enter(long token)
        {
            lock (_gate)
            {
                MostAtOnce = Math.Max(MostAtOnce, ++_inside);
                TokensGrow &= token > _lastToken;
                _lastToken = token;
                Runs++;
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

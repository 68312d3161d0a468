using System.Data.Common;
using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Platform.EntityFrameworkCore.Messaging;
using Platform.Errors;
using Platform.Identifiers;
using Platform.Messaging.Tests.Support;
using Platform.Testing;

namespace Platform.Messaging.Tests.Sending;

public sealed class OutboxTests(PostgresFixture postgres)
{
    private const string CountEvents = "SELECT count(*) FROM platform.core_outbox_event";

    [Fact]
    public async Task Event_is_one_insert_in_the_callers_batch_and_reads_nothing_back()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        var commands = new CommandTexts();
        await using var host = await ShopHost.StartAsync(database.ConnectionString, context: options => options.AddInterceptors(commands));

        await host.WithScopeAsync(async (shop, outbox) =>
        {
            shop.Changes.Add(new Change { Id = Uuid7.Next(TimeProvider.System), Text = "new" });
            outbox.Enqueue(new Ticked("a", 1));
            commands.Texts.Clear();
            await shop.SaveChangesAsync();
        });

        var batch = Assert.Single(commands.Texts);
        Assert.Contains("INSERT INTO platform.core_outbox_event", batch, StringComparison.Ordinal);
        Assert.Contains("INSERT INTO changes", batch, StringComparison.Ordinal);
        Assert.DoesNotContain("RETURNING", batch, StringComparison.Ordinal);
        Assert.DoesNotContain("position", batch, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rollback_to_a_savepoint_takes_its_events_along_and_leaves_the_others()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        await using var host = await ShopHost.StartAsync(database.ConnectionString);

        await host.WithScopeAsync(async (shop, outbox) =>
        {
            await using var transaction = await shop.Database.BeginTransactionAsync();
            outbox.Enqueue(new Ticked("a", 1));
            await shop.SaveChangesAsync();
            await transaction.CreateSavepointAsync("before");
            outbox.Enqueue(new Ticked("a", 2));
            await shop.SaveChangesAsync();
            await transaction.RollbackToSavepointAsync("before");
            outbox.Enqueue(new Ticked("a", 3));
            await shop.SaveChangesAsync();
            await transaction.CommitAsync();
        });

        Assert.Equal("1,3", await host.ScalarAsync<string>("SELECT string_agg(payload->>'number', ',' ORDER BY position) FROM platform.core_outbox_event"));
    }

    [Fact]
    public async Task Save_that_fails_and_is_repaired_within_a_transaction_writes_its_event_once()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        await using var host = await ShopHost.StartAsync(database.ConnectionString);
        var taken = Uuid7.Next(TimeProvider.System);
        await host.WithScopeAsync(async (shop, _) =>
        {
            shop.Changes.Add(new Change { Id = taken, Text = "first" });
            await shop.SaveChangesAsync();
        });

        await host.WithScopeAsync(async (shop, outbox) =>
        {
            await using var transaction = await shop.Database.BeginTransactionAsync();
            var change = shop.Changes.Add(new Change { Id = taken, Text = "second" });
            outbox.Enqueue(new Ticked("a", 1));
            await Assert.ThrowsAsync<DbUpdateException>(() => shop.SaveChangesAsync());
            change.State = EntityState.Detached;
            await shop.SaveChangesAsync();
            await transaction.CommitAsync();
        });

        Assert.Equal(1L, await host.ScalarAsync<long>(CountEvents));
    }

    [Fact]
    public async Task Execution_strategy_that_repeats_the_work_writes_the_event_once()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        var cut = new CutFirstCommit();
        await using var host = await ShopHost.StartAsync(database.ConnectionString, services => services
            .AddSubscription("record", s => s.Handle<Ticked, RecordTick>()), options =>
        {
            options.UseNpgsql(database.ConnectionString, npgsql => npgsql.EnableRetryOnFailure(3, TimeSpan.FromMilliseconds(50), null));
            options.AddInterceptors(cut);
        });

        await host.WithScopeAsync(async (shop, outbox) =>
        {
            outbox.Enqueue(new Ticked("a", 1));
            shop.Changes.Add(new Change { Id = Uuid7.Next(TimeProvider.System), Text = "with it" });
            cut.Armed = true;
            await shop.SaveChangesAsync();
        });

        Assert.True(cut.Done);
        Assert.Equal(1L, await host.ScalarAsync<long>(CountEvents));
        await Eventually.BecomesTrueAsync(async () => (await host.EffectsAsync()).Count == 1);
    }

    [Fact]
    public async Task Plain_connection_enqueues_in_its_own_transaction()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        await using var host = await ShopHost.StartAsync(database.ConnectionString, services => services
            .AddSubscription("record", s => s.Handle<Ticked, RecordTick>()));
        var writer = host.Services.GetRequiredService<OutboxWriter>();

        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        foreach (var commit in (bool[])[false, true])
        {
            await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
            await writer.EnqueueAsync(connection, transaction, new Ticked(commit ? "kept" : "gone", 1), cancellationToken: TestContext.Current.CancellationToken);
            await (commit ? transaction.CommitAsync() : transaction.RollbackAsync());
        }

        await Eventually.BecomesTrueAsync(async () => (await host.EffectsAsync()).Count == 1);
        Assert.Equal("kept", Assert.Single(await host.EffectsAsync()).Aggregate);
        Assert.Equal(1L, await host.ScalarAsync<long>(CountEvents));
    }

    [Fact]
    public async Task Body_over_the_limit_is_refused_before_anything_is_written()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        await using var host = await ShopHost.StartAsync(database.ConnectionString);

        await host.WithScopeAsync((shop, outbox) =>
        {
            var refusal = Assert.Throws<ErrorException>(() => outbox.Enqueue(new Ticked(new string('a', 300_000), 1)));
            Assert.Equal(ErrorCode.PayloadTooLarge, refusal.Code);
            Assert.False(shop.ChangeTracker.HasChanges());
            return Task.CompletedTask;
        });
    }

    [Fact]
    public async Task Event_that_is_not_declared_is_refused_by_name()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        await using var host = await ShopHost.StartAsync(database.ConnectionString);

        await host.WithScopeAsync((_, outbox) =>
        {
            Assert.Contains("AddEvents", Assert.Throws<InvalidOperationException>(() => outbox.Enqueue("no event")).Message, StringComparison.Ordinal);
            return Task.CompletedTask;
        });
    }

    [Fact]
    public async Task Writer_with_more_lanes_than_the_database_is_refused_instead_of_writing_what_nobody_reads()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        await using var host = await ShopHost.StartAsync(database.ConnectionString);

        var refusal = await Assert.ThrowsAsync<PostgresException>(() => host.ExecuteAsync("""
            INSERT INTO platform.core_outbox_event (id, lane, event_type, aggregate_type, aggregate_id, payload, occurred_at)
            VALUES (gen_random_uuid(), 16, 'tests.ticked.v1', 'clock', 'a', '{{}}', now())
            """));

        Assert.Equal(PostgresErrorCodes.CheckViolation, refusal.SqlState);
    }

    [Fact]
    public async Task Row_tells_trace_correlation_and_aggregate()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        await using var host = await ShopHost.StartAsync(database.ConnectionString);
        using var request = new Activity("request").SetIdFormat(ActivityIdFormat.W3C).AddBaggage(MessagingTelemetry.CorrelationBaggage, "call 7").Start();

        await host.PublishAsync(new Ticked("a", 1));
        request.Stop();

        var row = await host.ScalarAsync<string>(
            "SELECT concat_ws('|', event_type, aggregate_type, aggregate_id, correlation_id, baggage, split_part(traceparent, '-', 2)) FROM platform.core_outbox_event");
        Assert.Equal($"tests.ticked.v1|clock|a|call 7|correlation.id=call%207|{request.TraceId}", row);
    }

    private sealed class CommandTexts : DbCommandInterceptor
    {
        public List<string> Texts { get; } = [];

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            Texts.Add(command.CommandText);
            return ValueTask.FromResult(result);
        }
    }

    /// <summary>Fails the first commit as a cut connection does.</summary>
    private sealed class CutFirstCommit : DbTransactionInterceptor
    {
        public bool Armed { get; set; }

        public bool Done { get; private set; }

        public override async ValueTask<InterceptionResult> TransactionCommittingAsync(
            DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
        {
            if (Armed && !Done)
            {
                Done = true;
                await transaction.RollbackAsync(cancellationToken);
                throw new NpgsqlException("cut", new IOException("cut"));
            }

            return result;
        }
    }
}

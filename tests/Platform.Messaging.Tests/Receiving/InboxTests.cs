using Microsoft.Extensions.DependencyInjection;
using Platform.Messaging.Tests.Support;
using Platform.Testing;

namespace Platform.Messaging.Tests.Receiving;

public sealed class InboxTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Webhook_that_is_sent_many_times_at_once_has_one_effect()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        await using var host = await ShopHost.StartAsync(database.ConnectionString);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ProcessAsync(host, "evt_1Nq", "stripe")));

        Assert.Single(answers, first => first);
        Assert.Single(await host.EffectsAsync());
        Assert.True(await ProcessAsync(host, "evt_1Nq", "another consumer"));
        Assert.True(await ProcessAsync(host, "evt_1Nr", "stripe"));
    }

    [Fact]
    public async Task Effect_that_fails_leaves_no_mark()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        await using var host = await ShopHost.StartAsync(database.ConnectionString);

        await Assert.ThrowsAsync<InvalidOperationException>(() => ProcessAsync(host, "evt_1", "stripe", fail: true));

        Assert.Empty(await host.EffectsAsync());
        Assert.True(await ProcessAsync(host, "evt_1", "stripe"));
    }

    [Fact]
    public async Task Mark_belongs_to_the_callers_transaction_where_there_is_one()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        await using var host = await ShopHost.StartAsync(database.ConnectionString);
        await using (var scope = host.Services.CreateAsyncScope())
        {
            var shop = scope.ServiceProvider.GetRequiredService<ShopContext>();
            await using var transaction = await shop.Database.BeginTransactionAsync(TestContext.Current.CancellationToken);
            Assert.True(await scope.ServiceProvider.GetRequiredService<IInbox>().ProcessAsync("evt_1", "stripe", _ => Task.CompletedTask, TestContext.Current.CancellationToken));
            await transaction.RollbackAsync(TestContext.Current.CancellationToken);
        }

        Assert.True(await ProcessAsync(host, "evt_1", "stripe"));
    }

    private static async Task<bool> ProcessAsync(ShopHost host, string id, string consumer, bool fail = false)
    {
        await using var scope = host.Services.CreateAsyncScope();
        var shop = scope.ServiceProvider.GetRequiredService<ShopContext>();
        return await scope.ServiceProvider.GetRequiredService<IInbox>().ProcessAsync(id, consumer, _ =>
        {
            shop.Effects.Add(new Effect { Consumer = consumer, Aggregate = id });
            return fail ? throw new InvalidOperationException("no") : Task.CompletedTask;
        });
    }
}

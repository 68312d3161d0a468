using Microsoft.EntityFrameworkCore;
using Platform.Testing;

namespace Platform.Domain.Tests;

public sealed class SchemaTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Migrations_make_the_model_that_the_code_has()
    {
        await using var shop = await Shop.OpenAsync(postgres);
        Assert.False(await shop.QueryAsync(database => Task.FromResult(database.Database.HasPendingModelChanges())));
    }

    [Fact]
    public async Task Tables_of_the_source_system_keep_their_names()
    {
        await using var shop = await Shop.OpenAsync(postgres);
        var tables = await shop.QueryAsync(database => database.Database
            .SqlQueryRaw<string>("SELECT table_name::text AS \"Value\" FROM information_schema.tables WHERE table_schema = 'platform'").ToListAsync());
        Assert.Contains("core_outbox_event", tables);
        Assert.Contains("core_inbox_event", tables);
    }

    [Fact]
    public async Task Demo_data_is_the_same_each_time()
    {
        await using var first = await Shop.OpenAsync(postgres);
        Assert.Equal((10, 25, 200), (await CountAsync(d => d.Customers), await CountAsync(d => d.Products), await CountAsync(d => d.Orders)));

        // Written down once: another value is other data, which breaks whoever built on the old ids.
        var orders = await first.QueryAsync(d => d.Orders.OrderBy(o => o.Id).ToListAsync());
        Assert.Equal("019b7892-1c00-7000-8003-000000000001", orders[0].Id.ToString(), ignoreCase: true);

        Task<int> CountAsync<T>(Func<Persistence.PlatformDbContext, IQueryable<T>> set) => first.QueryAsync(d => set(d).CountAsync());
    }
}

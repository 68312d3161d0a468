using Microsoft.EntityFrameworkCore;
using Platform.Testing;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace Platform.Messaging.Tests.Support;

/// <summary>Databases that have the shop's tables.</summary>
internal static class ShopDatabase
{
    private static readonly DatabaseTemplate Template = new("shop", async (connectionString, cancellationToken) =>
    {
        await using var context = new ShopContext(new DbContextOptionsBuilder<ShopContext>().UseNpgsql(connectionString).Options);
        await context.Database.EnsureCreatedAsync(cancellationToken);
    });

    public static Task<TestDatabase> CreateAsync(PostgresFixture postgres) => postgres.CreateDatabaseAsync(Template);
}

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platform.EntityFrameworkCore.Budgets;
using Platform.EntityFrameworkCore.Logging;
using Platform.EntityFrameworkCore.Messaging;
using Platform.EntityFrameworkCore.Resilience;
using Platform.Testing;

[assembly: AssemblyFixture(typeof(PostgresFixture))]
[assembly: AssemblyFixture(typeof(RedisFixture))]

namespace Platform.Observability.Tests.Support;

/// <summary>Somebody else's context, with the tables of this capability.</summary>
public sealed class ObservedContext(DbContextOptions<ObservedContext> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.ApplyMessaging().ApplyBudgets().ApplyBreakers().ApplyLogLevels();
}

internal static class ObservedDatabase
{
    public static DatabaseTemplate Template { get; } = new("observed", async (connectionString, cancellationToken) =>
    {
        await using var context = new ObservedContext(new DbContextOptionsBuilder<ObservedContext>().UseNpgsql(connectionString).Options);
        await context.Database.EnsureCreatedAsync(cancellationToken);
    });

    public static IServiceCollection AddObservedContext(this IServiceCollection services, string connectionString) =>
        services.AddDbContextPool<ObservedContext>(options => options.UseNpgsql(connectionString));
}

using Microsoft.EntityFrameworkCore;
using Platform.Domain;
using Platform.Domain.Persistence;
using Platform.Testing;

namespace Platform.Worker.Tests;

internal static class WorkerDatabase
{
    /// <summary>Migrated, and empty.</summary>
    public static DatabaseTemplate Template { get; } = new("worker", async (connectionString, cancellationToken) =>
    {
        var options = new DbContextOptionsBuilder<PlatformDbContext>().UseNpgsql(connectionString);
        options.UsePlatformConventions();
        await using var context = new PlatformDbContext(options.Options);
        await context.Database.MigrateAsync(cancellationToken);
    });
}

using Microsoft.EntityFrameworkCore;
using Platform.Domain;
using Platform.Domain.Persistence;
using Platform.Testing;

namespace Platform.Worker.Tests;

/// <summary>A migrated database without a row.</summary>
internal static class WorkerDatabase
{
    public static readonly DatabaseTemplate Template = new("worker", async (connectionString, cancellationToken) =>
    {
        var options = new DbContextOptionsBuilder<PlatformDbContext>().UseNpgsql(connectionString);
        options.UsePlatformConventions();
        await using var context = new PlatformDbContext(options.Options);
        await context.Database.MigrateAsync(cancellationToken);
    });
}

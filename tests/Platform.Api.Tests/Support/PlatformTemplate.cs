using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Platform.Domain;
using Platform.Domain.DemoData;
using Platform.Domain.Persistence;
using Platform.EntityFrameworkCore.Identity;
using Platform.Testing;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace Platform.Api.Tests.Support;

/// <summary>What the migrate step leaves behind in Development: the schema, keys, scopes, the demo client and the demo data.</summary>
internal static class PlatformTemplate
{
    public static DatabaseTemplate SchemaOnly { get; } = new("api-schema", async (connectionString, cancellationToken) =>
    {
        await using var services = Services(connectionString, Environments.Development);
        await using var scope = services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<PlatformDbContext>().Database.MigrateAsync(cancellationToken);
    });

    public static DatabaseTemplate Seeded { get; } =
        new("api", (connectionString, _) => PrepareAsync(connectionString, Environments.Development, demoData: true)) { Base = SchemaOnly };

    public static async Task PrepareAsync(string connectionString, string environment, bool demoData)
    {
        await using var services = Services(connectionString, environment);
        await using var scope = services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<PlatformDbContext>().Database.MigrateAsync();
        await scope.ServiceProvider.GetRequiredService<IdentitySeed>().RunAsync();
        if (demoData)
        {
            await scope.ServiceProvider.GetRequiredService<DemoDataSeed>().RunAsync();
        }
    }

    /// <summary>The services of the migrate step, for one environment and perhaps one key-encryption key.</summary>
    public static ServiceProvider Services(string connectionString, string environment, string? keyEncryptionKey = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.Configuration["Platform:Identity:KeyEncryptionKey"] = keyEncryptionKey;
        builder.Logging.ClearProviders();
        builder.Services.AddDbContext<PlatformDbContext>(options =>
        {
            options.UseNpgsql(connectionString, npgsql => npgsql.EnableRetryOnFailure());
            options.UsePlatformConventions();
        });
        builder.Services.AddDomain();
        builder.Services.AddIdentityStores<PlatformDbContext>();
        return builder.Services.BuildServiceProvider(validateScopes: true);
    }
}

using Microsoft.EntityFrameworkCore;
using Platform.Domain;
using Platform.Domain.DemoData;
using Platform.Domain.Persistence;
using Platform.Embedded.Postgres;

namespace Platform.Benchmarks.Http;

/// <summary>A PostgreSQL with the demo data.</summary>
internal sealed class HttpDatabase(PostgresServer server, string folder, Guid productId) : IAsyncDisposable
{
    public string ConnectionString => Connection(server);

    public Guid ProductId => productId;

    public static async Task<HttpDatabase> StartAsync(CancellationToken cancellationToken)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"platform-bench-http-{Environment.ProcessId}");
        var server = await PostgresServer.StartAsync(new PostgresServerOptions { Folder = folder, Durable = false }, cancellationToken);
        var options = new DbContextOptionsBuilder<PlatformDbContext>().UseNpgsql(Connection(server));
        options.UsePlatformConventions();
        await using var context = new PlatformDbContext(options.Options);
        await context.Database.MigrateAsync(cancellationToken);
        await new DemoDataSeed(context).RunAsync(cancellationToken);
        var product = await context.Products.AsNoTracking().OrderBy(product => product.Id).FirstAsync(cancellationToken);
        return new HttpDatabase(server, folder, product.Id.Value);
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static string Connection(PostgresServer server) => server.ConnectionStringFor("postgres") + ";Maximum Pool Size=10;Max Auto Prepare=50;No Reset On Close=true";
}

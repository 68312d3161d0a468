using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Platform.Benchmarks.Outbox.Contract;
using Platform.EntityFrameworkCore.Messaging;
using Platform.Messaging;

namespace Platform.Benchmarks.Outbox.Measuring;

/// <summary>What an event adds to the time of a transaction that saves an order with two lines: both kinds in turn, one writer, through EF.</summary>
internal sealed class EnqueueOverhead(BenchServer server)
{
    private const string Database = "overhead";

    /// <summary>The median over rounds of the median time with the event over the median time without.</summary>
    public async Task<OverheadResult> RunAsync(int rounds, int pairs, CancellationToken cancellationToken)
    {
        await server.ExecuteAsync("postgres", $"CREATE DATABASE {Database}", cancellationToken);
        using var host = Build();
        await using (var scope = host.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<ShopContext>().Database.EnsureCreatedAsync(cancellationToken);
        }

        await host.StartAsync(cancellationToken);
        await RoundAsync(host.Services, pairs, cancellationToken);
        List<(double With, double Without)> medians = [];
        for (var round = 0; round < rounds; round++)
        {
            medians.Add(await RoundAsync(host.Services, pairs, cancellationToken));
        }

        await host.StopAsync(cancellationToken);
        return new OverheadResult(
            Statistics.Median(medians.Select(round => round.With / round.Without)),
            Statistics.Median(medians.Select(round => round.With)),
            Statistics.Median(medians.Select(round => round.Without)));
    }

    private static async Task<(double With, double Without)> RoundAsync(IServiceProvider services, int pairs, CancellationToken cancellationToken)
    {
        List<double> with = new(pairs);
        List<double> without = new(pairs);
        for (var i = 0; i < pairs; i++)
        {
            // In turn first, so that neither profits from what the other warmed.
            foreach (var withEvent in i % 2 == 0 ? [true, false] : new[] { false, true })
            {
                (withEvent ? with : without).Add(await SaveAsync(services, i, withEvent, cancellationToken));
            }
        }

        return (Statistics.Median(with), Statistics.Median(without));
    }

    private static async Task<double> SaveAsync(IServiceProvider services, int number, bool withEvent, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        await using (var scope = services.CreateAsyncScope())
        {
            var context = scope.ServiceProvider.GetRequiredService<ShopContext>();
            var now = TimeProvider.System.GetUtcNow();
            context.Orders.Add(new ShopOrder
            {
                Id = Guid.CreateVersion7(now),
                Customer = "Ada Example",
                PlacedAt = now,
                Lines =
                [
                    new ShopLine { Id = Guid.CreateVersion7(now), Product = "kettle", Quantity = 1, UnitPrice = 39.90m },
                    new ShopLine { Id = Guid.CreateVersion7(now), Product = "cup", Quantity = 4, UnitPrice = 7.50m },
                ],
            });
            if (withEvent)
            {
                scope.ServiceProvider.GetRequiredService<IOutbox>().Enqueue(ParcelMoved.Of(number, now));
            }

            await context.SaveChangesAsync(cancellationToken);
        }

        return Stopwatch.GetElapsedTime(started).TotalMicroseconds;
    }

    private IHost Build()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddDbContextPool<ShopContext>(options => options.UseNpgsql(server.ConnectionString(Database) + ";Max Auto Prepare=50"));
        builder.Services.AddEvents(events => events.Add(
            "parcels.moved.v1", ParcelJson.Default.ParcelMoved, "parcel", moved => ParcelMoved.ParcelId(moved.Parcel)));
        builder.Services.AddMessaging<ShopContext>();
        return builder.Build();
    }
}

/// <param name="Ratio">Time with the event over time without.</param>
/// <param name="With">Microseconds with the event.</param>
/// <param name="Without">Microseconds without.</param>
internal sealed record OverheadResult(double Ratio, double With, double Without);

internal sealed class ShopContext(DbContextOptions<ShopContext> options) : DbContext(options)
{
    public DbSet<ShopOrder> Orders => Set<ShopOrder>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyMessaging();
        modelBuilder.Entity<ShopOrder>().Property(order => order.Id).ValueGeneratedNever();
        modelBuilder.Entity<ShopLine>().Property(line => line.Id).ValueGeneratedNever();
    }
}

internal sealed class ShopOrder
{
    public Guid Id { get; init; }

    public required string Customer { get; init; }

    public DateTimeOffset PlacedAt { get; init; }

    public List<ShopLine> Lines { get; init; } = [];
}

internal sealed class ShopLine
{
    public Guid Id { get; init; }

    public required string Product { get; init; }

    public int Quantity { get; init; }

    public decimal UnitPrice { get; init; }
}

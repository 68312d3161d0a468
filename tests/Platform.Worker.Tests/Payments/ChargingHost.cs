using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Platform.Domain;
using Platform.Domain.DemoData;
using Platform.Domain.Orders;
using Platform.Domain.Payments;
using Platform.Domain.Persistence;
using Platform.ServiceDefaults.Resilience;
using Platform.Testing;

namespace Platform.Worker.Tests.Payments;

/// <summary>The part of the worker that charges: handlers, the gateway's client, and all that the service defaults put around it.</summary>
internal sealed class ChargingHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TestDatabase _database;

    private ChargingHost(WebApplication app, TestDatabase database) => (_app, _database) = (app, database);

    public IServiceProvider Services => _app.Services;

    public static async Task<ChargingHost> StartAsync(PostgresFixture postgres, Uri gateway, TimeSpan hedgeAfter, params (string Key, string? Value)[] settings)
    {
        var database = await postgres.CreateDatabaseAsync(WorkerDatabase.Template);
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = Environments.Development, ApplicationName = "charging" });
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value)));
        builder.Configuration["ConnectionStrings:platformdb"] = database.ConnectionString;
        builder.Configuration["Platform:Drain:Delay"] = "00:00:00";
        builder.AddServiceDefaults();
        builder.Logging.ClearProviders();
        builder.AddNpgsqlDbContext<PlatformDbContext>("platformdb", configureDbContextOptions: options => options.UsePlatformConventions());
        builder.Services.AddDomain();
        builder.Services.AddDomainSubscriptions();
        builder.Services.AddPaymentGateway(gateway.ToString()).AddHedgedReads(hedgeAfter);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var host = new ChargingHost(app, database);
        await host.InScopeAsync<DemoDataSeed, bool>(async seed =>
        {
            await seed.RunAsync(TestContext.Current.CancellationToken);
            return true;
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }

    public async Task<OrderId> PlaceAsync()
    {
        var (customer, product) = await InScopeAsync(async (PlatformDbContext database) =>
            (await database.Customers.Select(c => c.Id).FirstAsync(), await database.Products.Select(p => p.Id).FirstAsync()));
        var order = await InScopeAsync((PlaceOrder place) => place.HandleAsync(new PlaceOrderCommand(customer, [new(product, 1)])));
        return order.Id;
    }

    public Task<Payment?> PaymentAsync(OrderId order) => InScopeAsync((PaymentQueries payments) => payments.FindByOrderAsync(order));

    public async Task<Payment> PaidAsync(OrderId order)
    {
        await Eventually.BecomesTrueAsync(async () => await PaymentAsync(order) is not null);
        return (await PaymentAsync(order))!;
    }

    public Task<long> DeadLettersAsync() => CountAsync("SELECT count(*) AS \"Value\" FROM platform.core_dead_letter");

    /// <summary>How many events wait without an attempt that failed.</summary>
    public Task<long> PutOffAsync() => CountAsync("SELECT count(*) AS \"Value\" FROM platform.core_inbox_deferred WHERE attempts = 0");

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(TestContext.Current.CancellationToken);
        await _app.DisposeAsync();
        await _database.DisposeAsync();
    }

    private Task<long> CountAsync(string sql) => InScopeAsync((PlatformDbContext database) => database.Database.SqlQueryRaw<long>(sql).SingleAsync());

    private async Task<TResult> InScopeAsync<TService, TResult>(Func<TService, Task<TResult>> work)
        where TService : notnull
    {
        await using var scope = _app.Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<TService>());
    }
}

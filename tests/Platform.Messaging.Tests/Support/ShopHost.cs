using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Platform.EntityFrameworkCore.Messaging;
using Platform.Testing;

namespace Platform.Messaging.Tests.Support;

/// <summary>One process's worth of messaging on a test database.</summary>
public sealed class ShopHost : IAsyncDisposable
{
    private readonly IHost _host;

    private ShopHost(IHost host) => _host = host;

    public IServiceProvider Services => _host.Services;

    public Script Script => Services.GetRequiredService<Script>();

    public static async Task<ShopHost> StartAsync(
        string connectionString,
        Action<IServiceCollection>? configure = null,
        Action<DbContextOptionsBuilder>? context = null,
        Action<HostApplicationBuilder>? host = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Platform:Messaging:BalanceInterval"] = "00:00:00.200",
            ["Platform:Messaging:PollInterval"] = "00:00:00.500",
        });
        builder.Services.AddLogging(logging => logging.AddProvider(new TestLog()).SetMinimumLevel(LogLevel.Information));
        builder.Services.AddDbContextPool<ShopContext>(options =>
        {
            options.UseNpgsql(connectionString);
            context?.Invoke(options);
        });
        builder.Services.AddEvents(events => events
            .Add("tests.ticked.v1", ShopJson.Default.Ticked, "clock", ticked => ticked.Aggregate)
            .Add("tests.tocked.v1", ShopJson.Default.Tocked, "clock", tocked => tocked.Aggregate));
        builder.Services.AddMessaging<ShopContext>();
        builder.Services.AddSingleton<Script>();
        configure?.Invoke(builder.Services);
        host?.Invoke(builder);
        var built = builder.Build();
        await built.StartAsync();
        return new ShopHost(built);
    }

    /// <summary>Saves events in one transaction each.</summary>
    public async Task PublishAsync(params IEnumerable<Ticked> events)
    {
        foreach (var ticked in events)
        {
            await using var scope = Services.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService<IOutbox>().Enqueue(ticked);
            await scope.ServiceProvider.GetRequiredService<ShopContext>().SaveChangesAsync();
        }
    }

    /// <summary>Acts in a scope of its own.</summary>
    public async Task WithScopeAsync(Func<ShopContext, IOutbox, Task> act)
    {
        await using var scope = Services.CreateAsyncScope();
        await act(scope.ServiceProvider.GetRequiredService<ShopContext>(), scope.ServiceProvider.GetRequiredService<IOutbox>());
    }

    /// <summary>Waits until all lanes of a subscription have an owner.</summary>
    public Task OwnedAsync(string subscription) => Eventually.BecomesTrueAsync(async () => await ScalarAsync<long>(
        $"SELECT count(*) FROM platform.core_subscription_lane WHERE subscription = '{subscription}' AND NOT released") == MessagingModel.DefaultLaneCount);

    /// <summary>Waits until that many effects are there.</summary>
    public async Task<List<Effect>> EffectsAsync(int count, int seconds = 15)
    {
        await Eventually.BecomesTrueAsync(async () => await WithContextAsync(shop => shop.Effects.CountAsync()) >= count, TimeSpan.FromSeconds(seconds));
        return await EffectsAsync();
    }

    /// <summary>Reads with a context of its own.</summary>
    public async Task<T> WithContextAsync<T>(Func<ShopContext, Task<T>> use)
    {
        await using var scope = Services.CreateAsyncScope();
        return await use(scope.ServiceProvider.GetRequiredService<ShopContext>());
    }

    public Task<List<Effect>> EffectsAsync() => WithContextAsync(context => context.Effects.AsNoTracking().OrderBy(effect => effect.Id).ToListAsync());

    public Task<T> ScalarAsync<T>(string sql) => WithContextAsync(async context =>
    {
        await context.Database.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(sql, (NpgsqlConnection)context.Database.GetDbConnection());
        return (T)(await command.ExecuteScalarAsync())!;
    });

    public Task<int> ExecuteAsync(string sql) => WithContextAsync(context => context.Database.ExecuteSqlRawAsync(sql));

    public Task StopAsync() => _host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Platform.EntityFrameworkCore.Messaging;
using Platform.Messaging;
using Platform.Messaging.Jobs;
using Platform.Messaging.Tests.Support;
using Platform.Messaging.Victim;

// consume <connection string> [slow] | relay <connection string> | job <connection string> | produce <connection string> <events> <aggregates>; the rest from the environment
if (args is not [var mode, var connectionString, ..])
{
    return 2;
}

var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
{
    ["Platform:Messaging:Subscriptions:victim:RetryDelay"] = "00:00:00.050",
    ["Platform:Messaging:Relay"] = $"{mode == "relay"}",
});
builder.Configuration.AddEnvironmentVariables();
builder.Services.AddLogging();
builder.Services.AddDbContextPool<ShopContext>(options => options.UseNpgsql(connectionString));
builder.Services.AddEvents(events => events
    .Add("tests.ticked.v1", ShopJson.Default.Ticked, "clock", ticked => ticked.Aggregate)
    .Add("tests.tocked.v1", ShopJson.Default.Tocked, "clock", tocked => tocked.Aggregate));
builder.Services.AddMessaging<ShopContext>();
if (mode is not "produce")
{
    builder.AddRedisStreams();
    builder.AddRabbitMq();
}

if (mode == "consume")
{
    builder.Services.AddSingleton(new Pace(args is [.., "slow"] ? TimeSpan.FromMilliseconds(20) : TimeSpan.Zero));

    // Half in batches, half one at a time with no transaction open, over the same lanes.
    builder.Services.AddSubscription("victim", s => s.Handle<Ticked, Record<Ticked>>().Handle<Tocked, RecordOutside>());
}

if (mode == "job")
{
    builder.Services.Configure<MessagingOptions>(options => options.JobLease = TimeSpan.FromSeconds(2));
    builder.Services.AddRecurringJob<CountRuns>("count", TimeSpan.FromMilliseconds(150));
}

using var host = builder.Build();
await host.StartAsync();
await Console.Out.WriteLineAsync("ready");
if (mode == "produce")
{
    await Producer.RunAsync(host.Services, int.Parse(args[2], null), int.Parse(args[3], null));
    await host.StopAsync();
    return 0;
}

await host.WaitForShutdownAsync();
return 0;

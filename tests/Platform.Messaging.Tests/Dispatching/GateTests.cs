using Microsoft.Extensions.DependencyInjection;
using Platform.FeatureFlags;
using Platform.FeatureFlags.Gates;
using Platform.Messaging.Tests.Support;
using Platform.Testing;

namespace Platform.Messaging.Tests.Dispatching;

/// <summary>The same as <see cref="ScriptedTick"/>, passed over while its flag is off.</summary>
[RequireFlag("ticks")]
public sealed class SkippedTick(ShopContext shop, Script script) : ScriptedTick(shop, script);

/// <summary>The same, put off while its flag is off.</summary>
[RequireFlag("ticks", GatedEvent.Defer, RetrySeconds = 1)]
public sealed class DeferredTick(ShopContext shop, Script script) : ScriptedTick(shop, script);

public sealed class GateTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Event_of_a_closed_gate_is_passed_over_for_good()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        await using var host = await ShopHost.StartAsync(database.ConnectionString, services => services
            .AddSubscription("scripted", s => s.Handle<Ticked, SkippedTick>()));
        await host.PublishAsync(new Ticked("a", 1), new Ticked("b", 1));
        await Eventually.BecomesTrueAsync(async () => await host.ScalarAsync<long>("SELECT count(*) FROM platform.core_inbox_event") == 2);

        Turn(host, new FlagDefinition { Name = "ticks", Everyone = true });
        await host.PublishAsync(new Ticked("a", 2));
        Assert.Equal([2], (await host.EffectsAsync(1)).Select(effect => effect.Number));
        Assert.Equal(1, host.Script.Calls);
    }

    [Fact]
    public async Task Event_of_a_closed_gate_waits_with_what_comes_after_it_and_never_becomes_a_dead_letter()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        await using var host = await ShopHost.StartAsync(database.ConnectionString, services => services
            .AddSubscription("scripted", s => s.Handle<Ticked, DeferredTick>().Configure(o => o.MaxAttempts = 2)));
        Turn(host, new FlagDefinition
        {
            Name = "ticks",
            Rules = [new RuleDefinition { Constraints = [new ConstraintDefinition { Field = "aggregateId", Operator = "IN", Values = ["open"] }] }],
        });
        await host.PublishAsync(new Ticked("a", 1), new Ticked("a", 2), new Ticked("open", 1));

        // The gate is asked for each aggregate, and was asked more often than a failing handler would be tried.
        Assert.Equal(["open"], (await host.EffectsAsync(1)).Select(effect => effect.Aggregate));
        await Eventually.BecomesTrueAsync(async () => await host.ScalarAsync<long>(
            "SELECT count(*) FROM platform.core_inbox_deferred WHERE blocking AND deferred_at < now() - interval '3.5 s'") == 2);
        Assert.Equal(0, await host.ScalarAsync<long>("SELECT count(*) FROM platform.core_dead_letter"));
        Assert.Equal(0, await host.ScalarAsync<int>("SELECT max(attempts) FROM platform.core_inbox_deferred"));

        Turn(host, new FlagDefinition { Name = "ticks", Everyone = true });
        Assert.Equal([1, 2], (await host.EffectsAsync(3)).Where(effect => effect.Aggregate == "a").Select(effect => effect.Number));
    }

    private static void Turn(ShopHost host, FlagDefinition flag)
    {
        var flags = host.Services.GetRequiredService<LiveFlags>();
        flags.Publish(FlagSnapshot.Compile(new FlagDocument { Flags = [flag] }, version: flags.Snapshot.Version + 1));
    }
}

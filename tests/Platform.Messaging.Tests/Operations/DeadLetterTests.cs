using Microsoft.Extensions.DependencyInjection;
using Platform.Errors;
using Platform.Messaging.DeadLetters;
using Platform.Messaging.Tests.Dispatching;
using Platform.Messaging.Tests.Support;
using Platform.Testing;

namespace Platform.Messaging.Tests.Operations;

public sealed class DeadLetterTests(PostgresFixture postgres)
{
    private static readonly OperatorAction Repair = new("operator 1", "typo in the producer");

    [Fact]
    public async Task Dead_letter_is_listed_edited_replayed_and_audited_and_keeps_its_id()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        await using var host = await StartWithDeadLettersAsync(database, 1);
        var deadLetters = host.Services.GetRequiredService<IDeadLetters>();
        var letter = Assert.Single((await deadLetters.ListAsync(new DeadLetterFilter("scripted"))).Items);
        Assert.Contains("\"number\": 0", (await deadLetters.FindAsync("scripted", letter.EventId))!.Payload, StringComparison.Ordinal);

        host.Script.Act = (_, _, _, _) => Task.CompletedTask;
        await deadLetters.EditAsync("scripted", letter.EventId, """{"aggregate":"a","number":7}""", Repair);
        await deadLetters.ReplayAsync("scripted", letter.EventId, Repair);

        var effect = Assert.Single(await host.EffectsAsync(1, 5));
        Assert.Equal((7, letter.EventId), (effect.Number, effect.EventId));
        Assert.Empty((await deadLetters.ListAsync(new DeadLetterFilter())).Items);
        var history = await deadLetters.HistoryAsync("scripted", letter.EventId);
        Assert.Equal(["replayed", "edited"], history.Select(entry => entry.Action));
        Assert.NotEqual(history[1].BeforeHash, history[1].AfterHash);
        Assert.Equal(history[1].AfterHash, history[0].BeforeHash);
        Assert.All(history, entry => Assert.Equal((Repair.Actor, Repair.Reason), (entry.Actor, entry.Reason)));
    }

    [Fact]
    public async Task Replay_of_what_the_inbox_knows_has_no_second_effect()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        await using var host = await StartWithDeadLettersAsync(database, 1);
        var deadLetters = host.Services.GetRequiredService<IDeadLetters>();
        var letter = Assert.Single((await deadLetters.ListAsync(new DeadLetterFilter())).Items);
        await host.ExecuteAsync($"INSERT INTO platform.core_inbox_event VALUES ('scripted', '{letter.EventId}', now())");
        host.Script.Act = (_, _, _, _) => Task.CompletedTask;

        await deadLetters.ReplayAsync("scripted", letter.EventId, Repair);

        await Eventually.BecomesTrueAsync(async () => await host.ScalarAsync<long>("SELECT count(*) FROM platform.core_inbox_deferred") == 0);
        Assert.Empty(await host.EffectsAsync());
    }

    [Fact]
    public async Task Filter_replays_many_and_pages_lead_through_all()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        await using var host = await StartWithDeadLettersAsync(database, 25);
        var deadLetters = host.Services.GetRequiredService<IDeadLetters>();

        var seen = new List<Guid>();
        string? next = null;
        do
        {
            var page = await deadLetters.ListAsync(new DeadLetterFilter(Reason: "failed"), 10, next);
            seen.AddRange(page.Items.Select(item => item.EventId));
            next = page.Next;
        }
        while (next is not null);
        Assert.Equal(25, seen.Distinct().Count());
        Assert.Equal(25, seen.Count);

        host.Script.Act = (_, _, _, _) => Task.CompletedTask;
        Assert.Equal(1, await deadLetters.DiscardAsync(new DeadLetterFilter(AggregateId: "clock 3"), Repair));
        Assert.Equal(0, await deadLetters.ReplayAsync(new DeadLetterFilter(EventType: "tests.tocked.v1"), Repair));
        Assert.Equal(24, await deadLetters.ReplayAsync(new DeadLetterFilter("scripted"), Repair));
        Assert.DoesNotContain(await host.EffectsAsync(24), effect => effect.Aggregate == "clock 3");
        Assert.Equal(25L, await host.ScalarAsync<long>("SELECT count(*) FROM platform.core_dead_letter_action"));
    }

    [Fact]
    public async Task Actions_without_actor_or_reason_or_on_nothing_are_refused()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        await using var host = await StartWithDeadLettersAsync(database, 1);
        var deadLetters = host.Services.GetRequiredService<IDeadLetters>();
        var letter = Assert.Single((await deadLetters.ListAsync(new DeadLetterFilter())).Items);

        Assert.Equal(2, (await Assert.ThrowsAsync<ErrorException>(() => deadLetters.ReplayAsync("scripted", letter.EventId, new OperatorAction("", "")))).Fields.Count);
        Assert.Equal(ErrorCode.ValidationError, (await Assert.ThrowsAsync<ErrorException>(() => deadLetters.EditAsync("scripted", letter.EventId, "[1", Repair))).Code);
        Assert.Equal(ErrorCode.ResourceNotFound, (await Assert.ThrowsAsync<ErrorException>(() => deadLetters.DiscardAsync("other", letter.EventId, Repair))).Code);
        Assert.Equal(ErrorCode.ValidationError, (await Assert.ThrowsAsync<ErrorException>(() => deadLetters.ListAsync(new DeadLetterFilter(), 10, "nonsense"))).Code);
        Assert.Single((await deadLetters.ListAsync(new DeadLetterFilter())).Items);
    }

    private static async Task<ShopHost> StartWithDeadLettersAsync(TestDatabase database, int count)
    {
        var host = await ShopHost.StartAsync(database.ConnectionString, services => services
            .AddSubscription("scripted", s => s.Handle<Ticked, ScriptedTick>().Configure(FailureTests.Quick).Configure(o => o.MaxAttempts = 1)));
        host.Script.Act = (_, _, _, _) => throw new InvalidOperationException("broken");
        await host.PublishAsync(Enumerable.Range(0, count).Select(clock => new Ticked($"clock {clock}", 0)));
        await Eventually.BecomesTrueAsync(async () => await host.ScalarAsync<long>("SELECT count(*) FROM platform.core_dead_letter") == count);
        return host;
    }
}

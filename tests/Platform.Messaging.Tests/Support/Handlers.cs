using System.Collections.Concurrent;

namespace Platform.Messaging.Tests.Support;

/// <summary>Tells handlers of a host what to do; a singleton of the host.</summary>
public sealed class Script
{
    private readonly ConcurrentDictionary<(string Aggregate, int Number), int> _calls = new();

    /// <summary>Runs inside the handler, before it writes its effect. The third argument is the number of this call for this event.</summary>
    public Func<Ticked, EventContext, int, CancellationToken, Task> Act { get; set; } = (_, _, _, _) => Task.CompletedTask;

    /// <summary>How often an event was handed to a handler.</summary>
    public int CallsOf(string aggregate, int number) => _calls.GetValueOrDefault((aggregate, number));

    public int Calls => _calls.Values.Sum();

    public Task RunAsync(Ticked ticked, EventContext context, CancellationToken cancellationToken) =>
        Act(ticked, context, _calls.AddOrUpdate((ticked.Aggregate, ticked.Number), 1, (_, count) => count + 1), cancellationToken);
}

/// <summary>Does what the script says and writes one row.</summary>
public class ScriptedTick(ShopContext shop, Script script) : IEventHandler<Ticked>
{
    public async Task HandleAsync(Ticked @event, EventContext context, CancellationToken cancellationToken)
    {
        await script.RunAsync(@event, context, cancellationToken);
        shop.Effects.Add(new Effect { Consumer = "scripted", Aggregate = @event.Aggregate, Number = @event.Number, EventId = context.EventId });
    }
}

/// <summary>The same, but calls the outside world.</summary>
[OutsideWorld]
public sealed class OutsideTick(ShopContext shop, Script script) : ScriptedTick(shop, script);

/// <summary>The same, but never in a batch.</summary>
[OneAtATime]
public sealed class LonelyTick(ShopContext shop, Script script) : ScriptedTick(shop, script);

/// <summary>Writes one row for the other type of event.</summary>
public sealed class RecordTock(ShopContext shop) : IEventHandler<Tocked>
{
    public Task HandleAsync(Tocked @event, EventContext context, CancellationToken cancellationToken)
    {
        shop.Effects.Add(new Effect { Consumer = "tock", Aggregate = @event.Aggregate, Number = @event.Number, EventId = context.EventId });
        return Task.CompletedTask;
    }
}

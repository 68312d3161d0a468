using System.Diagnostics;
using Platform.Messaging.Tests.Support;

namespace Platform.Messaging.Victim;

/// <summary>Writes one row for each event, and dies where the event says so.</summary>
internal class Record<TEvent>(ShopContext shop, Pace pace) : IEventHandler<TEvent>
    where TEvent : class
{
    public const string Deadly = "deadly";

    public virtual async Task HandleAsync(TEvent @event, EventContext context, CancellationToken cancellationToken)
    {
        var (aggregate, number) = @event switch
        {
            Ticked ticked => (ticked.Aggregate, ticked.Number),
            Tocked tocked => (tocked.Aggregate, tocked.Number),
            _ => throw new InvalidOperationException(),
        };
        if (aggregate == Deadly)
        {
            Process.GetCurrentProcess().Kill();
        }

        shop.Effects.Add(new Effect { Consumer = "victim", Aggregate = aggregate, Number = number, EventId = context.EventId });
        await Task.Delay(pace.Pause, TimeProvider.System, cancellationToken);
    }
}

[OutsideWorld]
internal sealed class RecordOutside(ShopContext shop, Pace pace) : Record<Tocked>(shop, pace);

/// <summary>How long a handler takes: long enough that a kill hits it at work.</summary>
internal sealed record Pace(TimeSpan Pause);

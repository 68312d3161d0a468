namespace Platform.Messaging.Tests.Support;

/// <summary>Writes one row for each event.</summary>
public sealed class RecordTick(ShopContext shop) : IEventHandler<Ticked>
{
    public Task HandleAsync(Ticked @event, EventContext context, CancellationToken cancellationToken)
    {
        shop.Effects.Add(new Effect { Consumer = "record", Aggregate = @event.Aggregate, Number = @event.Number, EventId = context.EventId });
        return Task.CompletedTask;
    }
}

using Platform.Benchmarks.Outbox.Contract;
using Rebus.Handlers;
using Rebus.Pipeline;
using Rebus.PostgreSql.Outbox;

namespace Platform.Benchmarks.Rebus;

/// <summary>
/// Writes on the connection that Rebus's outbox step has opened for this message anyway, and that it commits before it commits the removal
/// from the queue: no connection and no transaction more than Rebus has by itself.
/// </summary>
internal sealed class ParcelHandler(HandledLog handled) : IHandleMessages<ParcelMoved>
{
    public async Task Handle(ParcelMoved message)
    {
        handled.Begin(message);
        var outbox = (OutboxConnection)MessageContext.Current.TransactionContext.Items["current-outbox-connection"];
        await PlainEffect.WriteAsync(outbox.Connection, outbox.Transaction, message, CancellationToken.None);
    }
}

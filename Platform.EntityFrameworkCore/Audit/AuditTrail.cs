using Microsoft.EntityFrameworkCore;
using Platform.Audit;
using Platform.EntityFrameworkCore.Connections;
using Platform.Messaging;

namespace Platform.EntityFrameworkCore.Audit;

internal sealed class AuditTrail<TContext>(
    TContext context, AuditRows rows, AuditWriter writer, StoreConnections database, IEventMetadata? caller = null) : IAuditTrail
    where TContext : DbContext
{
    public Guid Record(AuditEvent entry)
    {
        var row = rows.Row(entry, caller);
        context.Add(row);
        return row.Id;
    }

    public Task<Guid> RecordAloneAsync(AuditEvent entry, CancellationToken cancellationToken = default)
    {
        var row = rows.Row(entry, caller);
        return database.RunAsync((connection, cancellation) => writer.InsertAsync(connection, null, row, cancellation), cancellationToken);
    }
}

using Npgsql;
using Platform.Audit;
using Platform.EntityFrameworkCore.Audit;
using Platform.Messaging;

namespace Platform.EntityFrameworkCore.Messaging.Operations;

/// <summary>Tells the audit trail what operators do with subscriptions and jobs, in the transaction that does it. Without a trail in this host nothing is kept.</summary>
internal sealed class OperatorRecord(AuditWriter? trail = null)
{
    public Task WriteAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        string what,
        string target,
        OperatorAction action,
        Dictionary<string, string> details,
        CancellationToken cancellationToken) =>
        trail is null
            ? Task.CompletedTask
            : trail.RecordAsync(
                connection, transaction, new AuditEvent(what, target, Reason: action.Reason) { Actor = action.Actor, Details = details }, cancellationToken);
}

using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Transactions;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Platform.EntityFrameworkCore.Messaging.Sending;

/// <summary>
/// Notices the commit of what was saved with events, and has consumers woken after it. A NOTIFY inside the transaction would do that too,
/// but it takes a lock for the whole database at each commit, which makes commits wait for each other.
/// </summary>
internal sealed class CommitWatch(WakeUp wakeUp) : DbTransactionInterceptor
{
    // Npgsql uses transaction objects again, so a lane may be left from one that was rolled back: a wake-up for nothing.
    private readonly ConditionalWeakTable<DbTransaction, StrongBox<ulong>> _open = [];

    public void Saved(DbTransaction? transaction, ulong lanes)
    {
        if (transaction is not null)
        {
            _open.GetValue(transaction, static _ => new StrongBox<ulong>()).Value |= lanes;
        }
        else if (Transaction.Current is { } ambient)
        {
            ambient.TransactionCompleted += (_, e) =>
            {
                if (e.Transaction?.TransactionInformation.Status is TransactionStatus.Committed)
                {
                    wakeUp.Signal(lanes);
                }
            };
        }
        else
        {
            wakeUp.Signal(lanes);
        }
    }

    public override void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => Committed(transaction);

    public override Task TransactionCommittedAsync(
        DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Committed(transaction);
        return Task.CompletedTask;
    }

    private void Committed(DbTransaction transaction)
    {
        if (_open.TryGetValue(transaction, out var lanes) && lanes.Value is not 0)
        {
            wakeUp.Signal(lanes.Value);
            lanes.Value = 0;
        }
    }
}

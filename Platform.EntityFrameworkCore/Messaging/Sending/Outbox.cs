using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Platform.EntityFrameworkCore.Messaging.Tables;
using Platform.Messaging;

namespace Platform.EntityFrameworkCore.Messaging.Sending;

/// <summary>Adds events to the caller's context, and wakes consumers once they are committed.</summary>
internal sealed class Outbox<TContext>(
    TContext context, OutboxRows rows, IEventMetadata metadata, HandledEvent handled, CommitWatch commits) : IOutbox
    where TContext : DbContext
{
    private List<OutboxEvent>? _unsaved;

    public Guid Enqueue<TEvent>(TEvent @event, DateTimeOffset? notBefore = null)
        where TEvent : class
    {
        var row = rows.Row(@event, notBefore, metadata, handled.Current);
        context.Add(row);
        if (_unsaved is null)
        {
            _unsaved = [];
            context.SavedChanges += OnSaved;
        }

        _unsaved.Add(row);
        return row.Id;
    }

    private void OnSaved(object? sender, SavedChangesEventArgs e)
    {
        ulong lanes = 0;
        for (var i = _unsaved!.Count - 1; i >= 0; i--)
        {
            // Still Added when the caller accepts its changes only later (an execution strategy that may have to write them again).
            var entry = context.Entry(_unsaved[i]);
            lanes |= 1UL << _unsaved[i].Lane;
            if (entry.State is EntityState.Unchanged)
            {
                entry.State = EntityState.Detached;
            }

            if (entry.State is EntityState.Detached)
            {
                _unsaved.RemoveAt(i);
            }
        }

        if (lanes != 0)
        {
            commits.Saved(context.Database.CurrentTransaction?.GetDbTransaction(), lanes);
        }
    }
}

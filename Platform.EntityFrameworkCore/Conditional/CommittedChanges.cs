using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;
using Platform.Conditional;

namespace Platform.EntityFrameworkCore.Conditional;

/// <summary>
/// Tells this process's memory of versions of changes that it commits itself, before the commit returns: whoever wrote through this process reads
/// its own writes. All others learn from the log.
/// </summary>
internal sealed class CommittedChanges(VersionMemory memory, ChangeSignal signal) : SaveChangesInterceptor, IDbTransactionInterceptor
{
    private readonly ConditionalWeakTable<DbContext, List<(string Kind, Guid Id)>> _saving = [];
    private readonly ConditionalWeakTable<DbTransaction, List<(string Kind, Guid Id)>> _open = [];

    public override InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result)
    {
        Collect(eventData.Context);
        return result;
    }

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        Collect(eventData.Context);
        return ValueTask.FromResult(result);
    }

    public override int SavedChanges(SaveChangesCompletedEventData eventData, int result)
    {
        Saved(eventData.Context);
        return result;
    }

    public override ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        Saved(eventData.Context);
        return ValueTask.FromResult(result);
    }

    public void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => Committed(transaction);

    public Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Committed(transaction);
        return Task.CompletedTask;
    }

    private void Collect(DbContext? context)
    {
        if (context is null)
        {
            return;
        }

        List<(string, Guid)>? changes = null;
        foreach (var entry in context.ChangeTracker.Entries())
        {
            if (entry.State is EntityState.Added or EntityState.Modified or EntityState.Deleted
                && entry.Metadata.FindAnnotation(ChangeModel.KindAnnotation)?.Value is string kind
                && entry.Metadata.FindAnnotation(ChangeModel.IdAnnotation)?.Value is string property
                && entry.Property(property) is { } id)
            {
                var converted = id.Metadata.GetTypeMapping().Converter?.ConvertToProvider(id.CurrentValue) ?? id.CurrentValue;
                if (converted is Guid value)
                {
                    (changes ??= []).Add((kind, value));
                }
            }
        }

        if (changes is not null)
        {
            _saving.AddOrUpdate(context, changes);
        }
    }

    private void Saved(DbContext? context)
    {
        if (context is null || !_saving.TryGetValue(context, out var changes))
        {
            return;
        }

        _saving.Remove(context);
        if (context.Database.CurrentTransaction?.GetDbTransaction() is { } transaction)
        {
            // Npgsql uses transaction objects again, so changes may be left from one that was rolled back: told for nothing.
            _open.GetValue(transaction, static _ => []).AddRange(changes);
        }
        else
        {
            Tell(changes);
        }
    }

    private void Committed(DbTransaction transaction)
    {
        if (_open.TryGetValue(transaction, out var changes))
        {
            _open.Remove(transaction);
            Tell(changes);
        }
    }

    private void Tell(List<(string Kind, Guid Id)> changes)
    {
        foreach (var (kind, id) in changes)
        {
            memory.Changed(kind, id);
        }

        signal.Send();
    }
}

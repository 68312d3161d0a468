using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Platform.EntityFrameworkCore.Messaging.Dispatching;

/// <summary>Keeps a handler that calls the outside world from saving by itself: what it saves has to be in one transaction with the inbox mark.</summary>
internal sealed class SaveGuard : SaveChangesInterceptor
{
    private static readonly AsyncLocal<DbContext?> Guarded = new();

    public static void Guard(DbContext? context) => Guarded.Value = context;

    public override InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result)
    {
        Check(eventData);
        return result;
    }

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        Check(eventData);
        return ValueTask.FromResult(result);
    }

    private static void Check(DbContextEventData eventData)
    {
        if (eventData.Context is { } context && ReferenceEquals(Guarded.Value, context))
        {
            throw new InvalidOperationException(
                "A handler marked [OutsideWorld] does not save: what it changed is saved in one transaction with the inbox mark after it returns.");
        }
    }
}

using Microsoft.EntityFrameworkCore;

namespace Platform.EntityFrameworkCore.Identity;

// One at a time in the whole database, until the transaction ends (PostgreSQL manual, 13.3.5).
internal static class IdentityLock
{
    private const string AcquireSql = "SELECT pg_advisory_xact_lock(hashtextextended('platform.identity', 0))";

    public static Task RunAsync(DbContext database, Func<CancellationToken, Task> work, CancellationToken cancellationToken) =>
        database.Database.CreateExecutionStrategy().ExecuteAsync(
            (database, work),
            static async (state, cancellation) =>
            {
                state.database.ChangeTracker.Clear();
                await using var transaction = await state.database.Database.BeginTransactionAsync(cancellation);
                await state.database.Database.ExecuteSqlRawAsync(AcquireSql, cancellation);
                await state.work(cancellation);
                await transaction.CommitAsync(cancellation);
            },
            cancellationToken);
}

using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platform.Conditional;
using Platform.Errors;

namespace Platform.Domain.Persistence;

internal static class Saving
{
    // Asking first would race; the unique index decides, and its refusal is told as a field error.
    public static async Task SaveUniqueAsync(
        this PlatformDbContext database, string resourceType, string pointer, CancellationToken cancellationToken, WriteCondition? condition = null)
    {
        try
        {
            await database.SaveAsync(condition, cancellationToken);
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            throw ErrorException.AlreadyExists(resourceType, pointer);
        }
    }

    // The save demands the version that was read, so of two who write at once one loses. It is told what its request asked for: that its version
    // is not the present one, if it named one, or else that the state changed.
    public static async Task SaveAsync(this PlatformDbContext database, WriteCondition? condition, CancellationToken cancellationToken)
    {
        try
        {
            await database.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException e) when (condition is not null)
        {
            throw WriteCondition.Failed(e);
        }
    }

    // What is still referred to stays. Asking first would race here, too.
    public static async Task DeleteAsync(
        this PlatformDbContext database, string resourceType, object id, WriteCondition? condition, CancellationToken cancellationToken)
    {
        try
        {
            await database.SaveAsync(condition, cancellationToken);
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.ForeignKeyViolation })
        {
            throw ErrorException.NotAllowed(resourceType, id, "There are orders that refer to it.");
        }
    }
}

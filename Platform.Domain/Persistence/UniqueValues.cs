using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platform.Errors;

namespace Platform.Domain.Persistence;

internal static class UniqueValues
{
    // Asking first would race; the unique index decides, and its refusal is told as a field error.
    public static async Task SaveUniqueAsync(
        this PlatformDbContext database, string resourceType, string pointer, CancellationToken cancellationToken)
    {
        try
        {
            await database.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            throw ErrorException.AlreadyExists(resourceType, pointer);
        }
    }
}

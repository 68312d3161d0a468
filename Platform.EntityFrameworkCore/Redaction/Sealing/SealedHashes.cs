using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Platform.EntityFrameworkCore.Redaction;

/// <summary>Writes the keyed hash beside each sealed value that is written.</summary>
internal sealed class SealedHashes : SaveChangesInterceptor
{
    public static readonly SealedHashes Instance = new();

    public override InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result)
    {
        Write(eventData.Context);
        return result;
    }

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        Write(eventData.Context);
        return ValueTask.FromResult(result);
    }

    private static void Write(DbContext? context)
    {
        if (context is null || SealedColumns.SealOf(context) is not { } seal)
        {
            return;
        }

        foreach (var entry in context.ChangeTracker.Entries().Where(entry => entry.State is EntityState.Added or EntityState.Modified))
        {
            foreach (var property in entry.Metadata.GetProperties())
            {
                if (property.FindAnnotation(SealedColumns.HashAnnotation)?.Value is string hash && entry.CurrentValues[property] is string value)
                {
                    entry.CurrentValues[hash] = seal.Hash(value, $"{property.DeclaringType.ShortName()}.{property.Name}");
                }
            }
        }
    }
}

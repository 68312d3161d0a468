using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Platform.EntityFrameworkCore.Redaction;

/// <summary>Seals what stands in sealed columns from before they were, or under a key that was replaced.</summary>
public interface IColumnSealing
{
    /// <summary>Seals every value that is not sealed with the present key, 500 rows in a transaction; while it runs, others read and write as ever.</summary>
    /// <param name="cancellationToken">Stops between two transactions.</param>
    /// <returns>How many values of each column were sealed; empty where no key is configured.</returns>
    Task<IReadOnlyDictionary<string, int>> SealAsync(CancellationToken cancellationToken = default);
}

internal sealed class ColumnSealing<TContext>(TContext context) : IColumnSealing
    where TContext : DbContext
{
    private const int BatchSize = 500;

    // Names are those of the model. The row's place holds while it is locked.
    private static readonly CompositeFormat Select = CompositeFormat.Parse("SELECT ctid::text, {1} FROM {0} WHERE {1} IS NOT NULL AND NOT starts_with({1}, $1) LIMIT $2 FOR UPDATE");
    private static readonly CompositeFormat Update = CompositeFormat.Parse("UPDATE {0} SET {1} = $1, {2} = $2 WHERE ctid = $3::tid");

    public async Task<IReadOnlyDictionary<string, int>> SealAsync(CancellationToken cancellationToken = default)
    {
        var changed = new Dictionary<string, int>(StringComparer.Ordinal);
        if (SealedColumns.SealOf(context) is not { } seal)
        {
            return changed;
        }

        foreach (var property in context.Model.GetEntityTypes().SelectMany(entity => entity.GetDeclaredProperties()).Where(property => property.FindAnnotation(SealedColumns.HashAnnotation) is not null))
        {
            var name = $"{property.DeclaringType.ShortName()}.{property.Name}";
            var count = 0;
            int sealedNow;
            do
            {
                sealedNow = await context.Database.CreateExecutionStrategy().ExecuteAsync(() => BatchAsync(property, name, seal, cancellationToken));
                count += sealedNow;
            }
            while (sealedNow == BatchSize);
            changed[name] = count;
        }

        return changed;
    }

    private async Task<int> BatchAsync(IProperty property, string name, ColumnSeal seal, CancellationToken cancellationToken)
    {
        var entity = (IEntityType)property.DeclaringType;
        var sql = context.GetService<ISqlGenerationHelper>();
        var hash = entity.FindProperty((string)property.FindAnnotation(SealedColumns.HashAnnotation)!.Value!)!;
        var (table, column, hashColumn) = (
            sql.DelimitIdentifier(entity.GetTableName()!, entity.GetSchema()), sql.DelimitIdentifier(property.GetColumnName()), sql.DelimitIdentifier(hash.GetColumnName()));
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var (connection, under) = ((NpgsqlConnection)context.Database.GetDbConnection(), (NpgsqlTransaction)transaction.GetDbTransaction());
        var rows = new List<(string Place, string Value)>();
        await using (var select = new NpgsqlCommand(string.Format(CultureInfo.InvariantCulture, Select, table, column), connection, under))
        {
            select.Parameters.Add(new NpgsqlParameter<string> { TypedValue = seal.Mark });
            select.Parameters.Add(new NpgsqlParameter<int> { TypedValue = BatchSize });
            await using var reader = await select.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                rows.Add((reader.GetString(0), reader.GetString(1)));
            }
        }

        await using (var batch = new NpgsqlBatch(connection, under))
        {
            foreach (var (place, stored) in rows)
            {
                var value = seal.Open(stored, name);
                batch.BatchCommands.Add(new NpgsqlBatchCommand(string.Format(CultureInfo.InvariantCulture, Update, table, column, hashColumn))
                {
                    Parameters =
                    {
                        new NpgsqlParameter<string> { TypedValue = seal.Seal(value, name) },
                        new NpgsqlParameter<byte[]> { TypedValue = seal.Hash(value, name) },
                        new NpgsqlParameter<string> { TypedValue = place },
                    },
                });
            }

            if (rows.Count > 0)
            {
                await batch.ExecuteNonQueryAsync(cancellationToken);
            }
        }

        await transaction.CommitAsync(cancellationToken);
        return rows.Count;
    }
}

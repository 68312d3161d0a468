using Microsoft.EntityFrameworkCore;
using Platform.EntityFrameworkCore.Connections;
using Platform.Messaging.Jobs;

namespace Platform.EntityFrameworkCore.Messaging;

/// <summary>Fencing for recurring jobs.</summary>
public static class LeaseExtensions
{
    private const string Hold = "SELECT 1 AS \"Value\" FROM {schema}.core_lease WHERE name = @name AND token = @token AND expires_at > now() FOR SHARE";

    /// <summary>
    /// Makes sure, inside the context's open transaction, that the job's lease is still held until it commits. A former holder that was
    /// stopped for long and goes on gets an exception instead of overwriting what its successor did.
    /// </summary>
    /// <exception cref="InvalidOperationException">The lease is another's, or there is no open transaction.</exception>
    public static async Task HoldLeaseAsync(this DbContext context, JobLease lease, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(lease);
        if (context.Database.CurrentTransaction is null)
        {
            throw new InvalidOperationException("A lease is held for a transaction: begin one first.");
        }

        await using var command = context.Database.GetDbConnection().CreateCommand();
#pragma warning disable CA2100 // the schema is the model's
        command.CommandText = TableSchema.Of(context, typeof(Tables.Lease)).Sql(Hold);
#pragma warning restore CA2100
        command.Parameters.Add(new Npgsql.NpgsqlParameter<string>("name", lease.Name));
        command.Parameters.Add(new Npgsql.NpgsqlParameter<long>("token", lease.Token));
        if (await command.ExecuteScalarAsync(cancellationToken) is null)
        {
            throw new InvalidOperationException($"The lease of {lease.Name} is another's now.");
        }
    }
}

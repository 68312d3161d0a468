using Npgsql;
using Platform.EntityFrameworkCore.Messaging.Dispatching;
using Platform.Messaging.Jobs;

namespace Platform.EntityFrameworkCore.Messaging.Jobs;

/// <summary>Leases in <c>core_lease</c>. All times are the database's, so the clocks of processes do not matter.</summary>
internal sealed class LeaseTable(MessagingDatabase database)
{
    private const string Create = """
        INSERT INTO {schema}.core_lease (name, token, expires_at, due_at) VALUES ($1, 0, '-infinity', now()) ON CONFLICT DO NOTHING
        """;

    private const string Take = """
        UPDATE {schema}.core_lease SET owner = $2, token = token + 1, expires_at = now() + $3
        WHERE name = $1 AND due_at <= now() AND expires_at <= now() RETURNING token
        """;

    private const string Wait = """
        SELECT extract(epoch FROM greatest(due_at, expires_at) - now())::float8 FROM {schema}.core_lease WHERE name = $1
        """;

    private const string Renew = "UPDATE {schema}.core_lease SET expires_at = now() + $3 WHERE name = $1 AND token = $2";

    // The next run is one interval after this one was due, or now if that has passed.
    private const string Complete = """
        UPDATE {schema}.core_lease
        SET owner = NULL, expires_at = '-infinity', due_at = greatest(due_at + $3, now()), completed_at = now(), last_error = $4
        WHERE name = $1 AND token = $2
        """;

    public Task CreateAsync(string name, CancellationToken cancellationToken) => ExecuteAsync(Create, cancellationToken, One(name));

    public async Task<JobLease?> TakeAsync(string name, string owner, TimeSpan duration, CancellationToken cancellationToken) =>
        await ScalarAsync(Take, cancellationToken, One(name), One(owner), One(duration)) is long token ? new JobLease(name, token) : null;

    /// <summary>Tells how long it is until the lease can be taken.</summary>
    public async Task<TimeSpan> WaitAsync(string name, CancellationToken cancellationToken) =>
        await ScalarAsync(Wait, cancellationToken, One(name)) is double seconds and > 0 ? TimeSpan.FromSeconds(Math.Min(seconds, 3600)) : TimeSpan.Zero;

    public async Task<bool> RenewAsync(JobLease lease, TimeSpan duration, CancellationToken cancellationToken) =>
        await ExecuteAsync(Renew, cancellationToken, One(lease.Name), One(lease.Token), One(duration)) == 1;

    public Task CompleteAsync(JobLease lease, TimeSpan interval, string? error, CancellationToken cancellationToken) =>
        ExecuteAsync(Complete, cancellationToken, One(lease.Name), One(lease.Token), One(interval), EventParameters.Text(error));

    private async Task<int> ExecuteAsync(string statement, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using var open = await database.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(database.Sql(statement), open.Connection);
        command.Parameters.AddRange(parameters);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<object?> ScalarAsync(string statement, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using var open = await database.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(database.Sql(statement), open.Connection);
        command.Parameters.AddRange(parameters);
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    private static NpgsqlParameter<T> One<T>(T value) => new() { TypedValue = value };
}

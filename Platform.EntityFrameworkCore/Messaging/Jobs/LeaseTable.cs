using Npgsql;
using Platform.EntityFrameworkCore.Connections;
using Platform.Messaging.Jobs;

namespace Platform.EntityFrameworkCore.Messaging.Jobs;

/// <summary>Leases in <c>core_lease</c>. All times are the database's, so the clocks of processes do not matter.</summary>
internal sealed class LeaseTable(MessagingDatabase database)
{
    private const string Now = "SELECT clock_timestamp()";

    // A schedule that changed is planned anew; the same one is left as it is, whoever starts.
    private const string Create = """
        INSERT INTO {schema}.core_lease (name, token, expires_at, due_at, schedule) VALUES ($1, 0, '-infinity', $2, $3)
        ON CONFLICT (name) DO UPDATE SET due_at = excluded.due_at, schedule = excluded.schedule
        WHERE core_lease.schedule IS DISTINCT FROM excluded.schedule
        """;

    private const string Take = """
        UPDATE {schema}.core_lease SET owner = $2, token = token + 1, expires_at = clock_timestamp() + $3, started_at = clock_timestamp()
        WHERE name = $1 AND due_at <= clock_timestamp() AND expires_at <= clock_timestamp() RETURNING token
        """;

    private const string Wait = """
        SELECT extract(epoch FROM greatest(due_at, expires_at) - clock_timestamp())::float8 FROM {schema}.core_lease WHERE name = $1
        """;

    private const string Renew = "UPDATE {schema}.core_lease SET expires_at = clock_timestamp() + $3 WHERE name = $1 AND token = $2";

    private const string Held = "SELECT due_at, clock_timestamp() FROM {schema}.core_lease WHERE name = $1 AND token = $2";

    // Made due by an operator while it ran, it runs once more.
    private const string Complete = """
        UPDATE {schema}.core_lease
        SET owner = NULL, expires_at = '-infinity', due_at = CASE WHEN due_at = $3 THEN $4 ELSE due_at END, completed_at = clock_timestamp(), last_error = $5
        WHERE name = $1 AND token = $2
        """;

    public async Task CreateAsync(string name, JobSchedule schedule, CancellationToken cancellationToken)
    {
        await using var open = await database.OpenAsync(cancellationToken);
        await using var now = Command(open.Connection, Now);
        var due = schedule.First(new DateTimeOffset((DateTime)(await now.ExecuteScalarAsync(cancellationToken))!), Random.Shared.NextDouble());
        await using var create = Command(open.Connection, Create, One(name), One(due.ToUniversalTime()), One(schedule.Text));
        await create.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<JobLease?> TakeAsync(string name, string owner, TimeSpan duration, CancellationToken cancellationToken) =>
        await ScalarAsync(Take, cancellationToken, One(name), One(owner), One(duration)) is long token ? new JobLease(name, token) : null;

    /// <summary>Tells how long it is until the lease can be taken.</summary>
    public async Task<TimeSpan> WaitAsync(string name, CancellationToken cancellationToken) =>
        await ScalarAsync(Wait, cancellationToken, One(name)) is double seconds and > 0 ? TimeSpan.FromSeconds(Math.Min(seconds, 3600)) : TimeSpan.Zero;

    public async Task<bool> RenewAsync(JobLease lease, TimeSpan duration, CancellationToken cancellationToken)
    {
        await using var open = await database.OpenAsync(cancellationToken);
        await using var command = Command(open.Connection, Renew, One(lease.Name), One(lease.Token), One(duration));
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <summary>Gives the lease back, and plans the next run; nothing happens where it is another's.</summary>
    /// <param name="lease">The lease.</param>
    /// <param name="schedule">When next; null for at once.</param>
    /// <param name="error">How the run ended; null when well.</param>
    /// <param name="cancellationToken">Gives up; the lease runs out by itself.</param>
    public async Task CompleteAsync(JobLease lease, JobSchedule? schedule, string? error, CancellationToken cancellationToken)
    {
        await using var open = await database.OpenAsync(cancellationToken);
        DateTimeOffset due, now;
        await using (var held = Command(open.Connection, Held, One(lease.Name), One(lease.Token)))
        await using (var row = await held.ExecuteReaderAsync(cancellationToken))
        {
            if (!await row.ReadAsync(cancellationToken))
            {
                return;
            }

            (due, now) = (row.GetFieldValue<DateTimeOffset>(0), row.GetFieldValue<DateTimeOffset>(1));
        }

        var next = schedule?.Next(due, now, Random.Shared.NextDouble()) ?? now;
        await using var complete = Command(
            open.Connection, Complete, One(lease.Name), One(lease.Token), One(due), One(next.ToUniversalTime()), StoreConnection.Text(error));
        await complete.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<object?> ScalarAsync(string statement, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using var open = await database.OpenAsync(cancellationToken);
        await using var command = Command(open.Connection, statement, parameters);
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    private NpgsqlCommand Command(NpgsqlConnection connection, string statement, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlCommand(database.Sql(statement), connection);
        command.Parameters.AddRange(parameters);
        return command;
    }

    private static NpgsqlParameter<T> One<T>(T value) => new() { TypedValue = value };
}

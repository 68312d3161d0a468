using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using NpgsqlTypes;
using Platform.EntityFrameworkCore.Connections;

namespace Platform.EntityFrameworkCore.PersistedDocuments;

/// <summary>
/// Persisted GraphQL documents in <c>core_persisted_document</c>, and what ran without being one in <c>core_unknown_operation</c>. Each call uses a
/// context of its own; thread safe.
/// </summary>
public sealed class PersistedDocumentStore
{
    private const string Find = "SELECT body, trusted FROM {schema}.core_persisted_document WHERE id = $1";

    // The limit is held against what is committed: replicas that register at the same moment can pass it by a few.
    private const string AddAutomatic = """
        INSERT INTO {schema}.core_persisted_document (id, body, operation_name, trusted, clients, created_at, uses)
        SELECT $1, $2, $3, false, '{}', now(), 0
        WHERE (SELECT count(*) FROM {schema}.core_persisted_document WHERE NOT trusted) < $4
        ON CONFLICT (id) DO NOTHING
        """;

    // One text for one identifier, whoever asks: a row with another body is left alone, and not returned.
    private const string AddTrusted = """
        INSERT INTO {schema}.core_persisted_document AS d (id, body, operation_name, trusted, clients, created_at, uses)
        SELECT m.id, m.body, m.operation_name, true, ARRAY[$4], now(), 0 FROM unnest($1, $2, $3) AS m (id, body, operation_name)
        ON CONFLICT (id) DO UPDATE SET trusted = true,
            clients = CASE WHEN $4 = ANY (d.clients) THEN d.clients ELSE array_append(d.clients, $4) END
        WHERE d.body = excluded.body
        RETURNING d.id
        """;

    private const string CountTrusted = "SELECT count(*) FROM {schema}.core_persisted_document WHERE trusted AND id = ANY ($1)";

    private const string Release = """
        UPDATE {schema}.core_persisted_document SET clients = array_remove(clients, $1) WHERE $1 = ANY (clients) AND NOT id = ANY ($2)
        """;

    private const string RemoveReleased = "DELETE FROM {schema}.core_persisted_document WHERE trusted AND cardinality(clients) = 0";

    private const string CountUses = """
        UPDATE {schema}.core_persisted_document AS d SET uses = d.uses + u.count, last_used_at = now()
        FROM unnest($1, $2) AS u (id, count) WHERE d.id = u.id
        """;

    private const string CountUnknown = """
        INSERT INTO {schema}.core_unknown_operation AS o (id, body, operation_name, client, first_seen_at, last_seen_at, count)
        SELECT u.id, u.body, u.operation_name, u.client, now(), now(), u.count
        FROM unnest($1, $2, $3, $4, $5) AS u (id, body, operation_name, client, count)
        WHERE (SELECT count(*) FROM {schema}.core_unknown_operation) < $6
            OR EXISTS (SELECT FROM {schema}.core_unknown_operation AS known WHERE known.id = u.id)
        ON CONFLICT (id) DO UPDATE SET count = o.count + excluded.count, last_seen_at = now()
        """;

    private const string Prune = """
        DELETE FROM {schema}.core_persisted_document WHERE id IN (
            SELECT id FROM {schema}.core_persisted_document
            WHERE NOT trusted AND created_at < now() - $1 AND coalesce(last_used_at, created_at) < now() - $1 LIMIT 1000)
        """;

    private readonly StoreConnections _connections;

    internal PersistedDocumentStore(StoreConnections connections) => _connections = connections;

    /// <summary>Finds a document.</summary>
    /// <returns>The document, or null.</returns>
    public Task<PersistedDocument?> FindAsync(string id, CancellationToken cancellationToken = default) => RunAsync(
        Find,
        async command =>
        {
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = id });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            return await reader.ReadAsync(cancellationToken) ? new PersistedDocument(id, reader.GetString(0), reader.GetBoolean(1)) : null;
        },
        cancellationToken);

    /// <summary>Stores a document that a request brought along; one that is there stays as it is.</summary>
    /// <param name="id">Its identifier, which the caller has verified against the text.</param>
    /// <param name="text">The document.</param>
    /// <param name="operationName">The name of its first operation.</param>
    /// <param name="limit">How many such documents there may be; beyond it nothing is stored.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether it was stored now.</returns>
    public Task<bool> AddAutomaticAsync(string id, string text, string? operationName, int limit, CancellationToken cancellationToken = default) => RunAsync(
        AddAutomatic,
        async command =>
        {
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = id });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = text });
            command.Parameters.Add(NullableText(Shortened(operationName)));
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
            return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
        },
        cancellationToken);

    /// <summary>Makes the documents of a client's manifest trusted, all of them or, when an identifier stands for another text already, none.</summary>
    /// <param name="client">The client that the manifest is of.</param>
    /// <param name="documents">Its documents, each identifier once.</param>
    /// <param name="replace">Whether documents that the client no longer has lose its trust; what no client has is removed.</param>
    /// <param name="cancellationToken">Gives up; nothing is saved.</param>
    public async Task<ManifestImport> ImportAsync(
        string client, IReadOnlyList<ManifestDocument> documents, bool replace, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(documents);
        var ids = documents.Select(d => d.Id).ToArray();
        await using var own = _connections.Create();
        var context = own.Context;
        return await context.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
            var known = await CountAsync(CountTrusted, Array(ids));
            var saved = new HashSet<string>(StringComparer.Ordinal);
            await using (var command = Command(context, AddTrusted))
            {
                command.Parameters.Add(Array(ids));
                command.Parameters.Add(Array(documents.Select(d => d.Text)));
                command.Parameters.Add(Array(documents.Select(d => Shortened(d.OperationName))));
                command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = client });
                await using var reader = await command.ExecuteReaderAsync(cancellationToken);
                while (await reader.ReadAsync(cancellationToken))
                {
                    saved.Add(reader.GetString(0));
                }
            }

            if (saved.Count < ids.Length)
            {
                await transaction.RollbackAsync(cancellationToken);
                return new ManifestImport(0, 0, 0, [.. ids.Where(id => !saved.Contains(id))]);
            }

            var removed = 0;
            if (replace)
            {
                await ExecuteAsync(Release, new NpgsqlParameter<string> { TypedValue = client }, Array(ids));
                removed = await ExecuteAsync(RemoveReleased);
            }

            await transaction.CommitAsync(cancellationToken);
            return new ManifestImport(ids.Length - known, known, removed, []);
        });

        async Task<int> CountAsync(string sql, NpgsqlParameter parameter)
        {
            await using var command = Command(context, sql);
            command.Parameters.Add(parameter);
            return (int)(long)(await command.ExecuteScalarAsync(cancellationToken))!;
        }

        async Task<int> ExecuteAsync(string sql, params NpgsqlParameter[] parameters)
        {
            await using var command = Command(context, sql);
            command.Parameters.AddRange(parameters);
            return await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>Lists documents, those of manifests first, the most used first.</summary>
    /// <param name="client">Only those of this client's manifest, or null.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<PersistedDocumentSummary>> ListAsync(string? client, int limit, CancellationToken cancellationToken = default)
    {
        await using var own = _connections.Create();
        return await own.Context.Set<PersistedDocumentRow>().AsNoTracking()
            .Where(d => client == null || d.Clients.Contains(client))
            .OrderByDescending(d => d.Trusted).ThenByDescending(d => d.Uses).ThenBy(d => d.Id)
            .Take(limit)
            .Select(d => new PersistedDocumentSummary(d.Id, d.OperationName, d.Trusted, d.Clients, d.Uses, d.LastUsedAt))
            .ToListAsync(cancellationToken);
    }

    /// <summary>Lists operations that no manifest holds, the most frequent first.</summary>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<UnknownOperation>> ListUnknownAsync(int limit, CancellationToken cancellationToken = default)
    {
        await using var own = _connections.Create();
        return await own.Context.Set<UnknownOperationRow>().AsNoTracking()
            .OrderByDescending(o => o.Count).ThenBy(o => o.Id)
            .Take(limit)
            .Select(o => new UnknownOperation(o.Id, o.Body, o.OperationName, o.Client, o.Count, o.LastSeenAt))
            .ToListAsync(cancellationToken);
    }

    /// <summary>Removes a document, whoever brought it. Services that hold it in memory forget it within their <c>TrustLifetime</c>.</summary>
    /// <returns>Whether it was there.</returns>
    public async Task<bool> RemoveAsync(string id, CancellationToken cancellationToken = default)
    {
        await using var own = _connections.Create();
        return await own.Context.Set<PersistedDocumentRow>().Where(d => d.Id == id).ExecuteDeleteAsync(cancellationToken) > 0;
    }

    /// <summary>Adds to the counts of documents.</summary>
    public Task RecordUsesAsync(IReadOnlyDictionary<string, long> uses, CancellationToken cancellationToken = default)
    {
        // In one order everywhere, so that replicas do not wait for each other in a circle.
        var ordered = uses.OrderBy(u => u.Key, StringComparer.Ordinal).ToList();
        return RunAsync(
            CountUses,
            command =>
            {
                command.Parameters.Add(Array(ordered.Select(u => u.Key)));
                command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. ordered.Select(u => u.Value)] });
                return command.ExecuteNonQueryAsync(cancellationToken);
            },
            cancellationToken);
    }

    /// <summary>Adds to the counts of operations that no manifest holds.</summary>
    /// <param name="operations">What was seen; times are the database's.</param>
    /// <param name="limit">How many different ones are kept; beyond it only those that are there go on counting.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task RecordUnknownAsync(IReadOnlyCollection<UnknownOperation> operations, int limit, CancellationToken cancellationToken = default)
    {
        var ordered = operations.OrderBy(o => o.Id, StringComparer.Ordinal).ToList();
        return RunAsync(
            CountUnknown,
            command =>
            {
                command.Parameters.Add(Array(ordered.Select(o => o.Id)));
                command.Parameters.Add(Array(ordered.Select(o => o.Text)));
                command.Parameters.Add(Array(ordered.Select(o => Shortened(o.OperationName))));
                command.Parameters.Add(Array(ordered.Select(o => Shortened(o.Client))));
                command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. ordered.Select(o => o.Count)] });
                command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
                return command.ExecuteNonQueryAsync(cancellationToken);
            },
            cancellationToken);
    }

    /// <summary>Deletes documents of requests that nobody has used for a while, a thousand at a time.</summary>
    /// <returns>How many went.</returns>
    public Task<int> PruneAsync(TimeSpan unused, CancellationToken cancellationToken = default) => RunAsync(
        Prune,
        command =>
        {
            command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = unused });
            return command.ExecuteNonQueryAsync(cancellationToken);
        },
        cancellationToken);

    private static NpgsqlParameter NullableText(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter Array(IEnumerable<string?> values) =>
        new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    private static string? Shortened(string? name) =>
        name is { Length: > PersistedDocumentModelExtensions.MaxNameLength } ? name[..PersistedDocumentModelExtensions.MaxNameLength] : name;

    private async Task<T> RunAsync<T>(string sql, Func<NpgsqlCommand, Task<T>> run, CancellationToken cancellationToken)
    {
        await using var open = await _connections.OpenAsync(cancellationToken);
        await using var command = open.Command(sql);
        return await run(command);
    }

    private NpgsqlCommand Command(DbContext context, string sql) => new(_connections.Sql(sql), (NpgsqlConnection)context.Database.GetDbConnection())
    {
        Transaction = (NpgsqlTransaction?)context.Database.CurrentTransaction?.GetDbTransaction(),
    };
}

using Npgsql;
using Platform.FeatureFlags;

namespace Platform.EntityFrameworkCore.FeatureFlags;

/// <summary>Reads what is stored, or what changed since a version, in one statement, so that it is one moment's truth.</summary>
internal sealed class FlagReads(FlagDatabase database)
{
    // Items that were removed stand in the audit, which forgets nothing.
    private const string Changes = """
        SELECT 'state' AS what, NULL AS kind, NULL AS origin, NULL AS name, version, next_position AS position, NULL::json AS document, visitor_key
        FROM {schema}.core_feature_flag_state
        UNION ALL
        SELECT 'item', kind, origin, name, version, position, document, NULL FROM {schema}.core_feature_flag WHERE version > $1
        UNION ALL
        SELECT 'gone', kind, origin, name, version, position, NULL, NULL FROM {schema}.core_feature_flag_audit
        WHERE version > $1 AND $1 > 0 AND action = 'deleted'
        """;

    private const string Lock = "SELECT version FROM {schema}.core_feature_flag_state FOR UPDATE";

    private StoredFlags _latest = StoredFlags.Empty;

    /// <summary>The latest that this process read or wrote.</summary>
    public StoredFlags Latest => Volatile.Read(ref _latest);

    /// <summary>Reads what changed since what is known.</summary>
    public async Task<StoredFlags> ReadAsync(NpgsqlConnection connection, StoredFlags known, CancellationToken cancellationToken)
    {
        long version = 0;
        byte[] visitorKey = [];
        List<FlagKey> removed = [];
        List<FlagItem> changed = [];
        await using var command = new NpgsqlCommand(database.Sql(Changes), connection) { Parameters = { new NpgsqlParameter<long> { TypedValue = known.Version } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            if (reader.GetString(0) == "state")
            {
                version = reader.GetInt64(4);
                visitorKey = reader.GetFieldValue<byte[]>(7);
                continue;
            }

            var key = FlagText.Key(reader.GetString(1), reader.GetString(2), reader.GetString(3));
            if (reader.IsDBNull(6))
            {
                removed.Add(key);
            }
            else
            {
                changed.Add(new FlagItem(key, reader.GetInt64(4), reader.GetInt64(5), reader.GetString(6)));
            }
        }

        if (version == known.Version && known.VisitorKey.Span.SequenceEqual(visitorKey))
        {
            return known;
        }

        // A version below the known one is another database, or an older copy of this one: nothing known counts there.
        if (version < known.Version)
        {
            await reader.DisposeAsync();
            return await ReadAsync(connection, StoredFlags.Empty, cancellationToken);
        }

        var read = known.Version == 0 ? new StoredFlags(version, changed, visitorKey) : known.With(version, removed, changed);
        Keep(read);
        return read;
    }

    /// <summary>Takes the turn to change; whoever comes next waits for the end of this transaction.</summary>
    public async Task<StoredFlags> LockAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using (var command = new NpgsqlCommand(database.Sql(Lock), connection))
        {
            if (await command.ExecuteScalarAsync(cancellationToken) is not long)
            {
                throw new InvalidOperationException("The table core_feature_flag_state is empty: its migration runs FlagSchema.Up.");
            }
        }

        return await ReadAsync(connection, Latest, cancellationToken);
    }

    public void Keep(StoredFlags read)
    {
        StoredFlags latest;
        while ((latest = Latest).Version < read.Version || latest.VisitorKey.IsEmpty)
        {
            if (ReferenceEquals(Interlocked.CompareExchange(ref _latest, read, latest), latest))
            {
                return;
            }
        }
    }
}

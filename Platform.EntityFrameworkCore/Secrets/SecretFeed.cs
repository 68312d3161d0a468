using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Platform.Secrets;
using static Platform.EntityFrameworkCore.Connections.StoreConnection;

namespace Platform.EntityFrameworkCore.Secrets;

/// <summary>Secrets as hosts read them: sealed, told of by NOTIFY.</summary>
internal sealed class SecretFeed(SecretDatabase database) : ISecretFeed
{
    private const string Read = """
        SELECT s.name, s.generation, v.id, v.stage, v.key_id, v.wrapped_key, v.box, v.reference
        FROM {schema}.core_secret s LEFT JOIN {schema}.core_secret_version v ON v.name = s.name AND v.stage < 3
        ORDER BY s.name, v.stage LIMIT 10000
        """;

    private const string Acknowledge = """
        INSERT INTO {schema}.core_secret_reader (replica, service, generations, seen_at) VALUES ($1, $2, $3, clock_timestamp())
        ON CONFLICT (replica) DO UPDATE SET generations = excluded.generations, seen_at = excluded.seen_at
        """;

    private const string Leave = "DELETE FROM {schema}.core_secret_reader WHERE replica = $1";

    private const string Forget = "DELETE FROM {schema}.core_secret_reader WHERE seen_at < clock_timestamp() - interval '1 hour'";

    public async Task<IReadOnlyList<StoredSecret>> ReadAsync(CancellationToken cancellationToken = default)
    {
        await using var open = await database.OpenAsync(cancellationToken);
        await using var command = open.Command(Read);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await SecretsOfAsync(reader, cancellationToken);
    }

    public async Task AcknowledgeAsync(
        Guid replica, string service, IReadOnlyDictionary<string, long> generations, CancellationToken cancellationToken = default)
    {
        await using var open = await database.OpenAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(open.Connection);
        batch.BatchCommands.Add(open.Part(
            Acknowledge,
            One(replica),
            One(service),
            new NpgsqlParameter<string> { TypedValue = JsonSerializer.Serialize(generations), NpgsqlDbType = NpgsqlDbType.Jsonb }));
        batch.BatchCommands.Add(open.Part(Forget));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task LeaveAsync(Guid replica, CancellationToken cancellationToken = default)
    {
        await using var open = await database.OpenAsync(cancellationToken);
        await using var command = open.Command(Leave, One(replica));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public Task ListenAsync(Action changed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changed);
        return database.ListenAsync(_ => changed(), changed, cancellationToken);
    }

    internal static async Task<List<StoredSecret>> SecretsOfAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var secrets = new List<StoredSecret>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var name = reader.GetString(0);
            if (secrets.Count == 0 || secrets[^1].Name != name)
            {
                secrets.Add(new StoredSecret(name, reader.GetInt64(1), new List<StoredVersion>()));
            }

            if (!await reader.IsDBNullAsync(2, cancellationToken))
            {
                ((List<StoredVersion>)secrets[^1].Versions).Add(new StoredVersion(
                    reader.GetGuid(2),
                    (SecretStage)reader.GetInt16(3),
                    new SealedSecret(reader.GetString(4), reader.GetFieldValue<byte[]>(5), reader.GetFieldValue<byte[]>(6)),
                    await reader.IsDBNullAsync(7, cancellationToken) ? null : reader.GetString(7)));
            }
        }

        return secrets;
    }
}

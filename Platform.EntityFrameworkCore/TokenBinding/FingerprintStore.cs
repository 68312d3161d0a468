using Npgsql;
using Platform.EntityFrameworkCore.Connections;
using Platform.TokenBinding;

namespace Platform.EntityFrameworkCore.TokenBinding;

/// <summary>Fingerprints of first uses in <c>core_token_fingerprint</c>.</summary>
internal sealed class FingerprintStore(StoreConnections connections) : IFingerprintStore
{
    // An update that changes nothing, because DO NOTHING would return nothing. Old rows go with the occasion, some at a time.
    private const string Keep = """
        WITH old AS (DELETE FROM {schema}.core_token_fingerprint WHERE token IN (
            SELECT token FROM {schema}.core_token_fingerprint WHERE expires_at < now() AND token <> $1 ORDER BY expires_at LIMIT 20 FOR UPDATE SKIP LOCKED))
        INSERT INTO {schema}.core_token_fingerprint AS f (token, seal, expires_at) VALUES ($1, $2, $3)
        ON CONFLICT (token) DO UPDATE SET token = excluded.token RETURNING f.seal
        """;

    public Task<string> KeepFirstAsync(string token, string seal, DateTimeOffset expiresAt, CancellationToken cancellationToken = default) => connections.RunAsync(
        async (connection, cancellation) =>
        {
            await using var command = new NpgsqlCommand(connections.Sql(Keep), connection)
            {
                Parameters =
                {
                    new NpgsqlParameter<string> { TypedValue = token },
                    new NpgsqlParameter<string> { TypedValue = seal },
                    new NpgsqlParameter<DateTimeOffset> { TypedValue = expiresAt.ToUniversalTime() },
                },
            };
            return (string)(await command.ExecuteScalarAsync(cancellation))!;
        },
        cancellationToken);
}

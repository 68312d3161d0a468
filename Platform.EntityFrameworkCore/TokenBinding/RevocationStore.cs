using Npgsql;
using Platform.EntityFrameworkCore.Connections;
using Platform.TokenBinding;

namespace Platform.EntityFrameworkCore.TokenBinding;

/// <summary>Revocations in <c>core_token_revocation</c>.</summary>
internal sealed class RevocationStore(StoreConnections connections) : IRevocationStore
{
    private const int MaxFamily = 200;
    private const int MaxReason = 200;

    // The family is the authorization's id, or the token's own where it has none. What the server keeps of it ends as well, so that no
    // refresh token brings it back. Old rows go with the occasion.
    private const string Add = """
        WITH old AS (DELETE FROM {schema}.core_token_revocation WHERE expires_at < now()),
        tokens AS (UPDATE {schema}.identity_token SET status = 'revoked' WHERE authorization_id::text = $1 OR id::text = $1),
        authorizations AS (UPDATE {schema}.identity_authorization SET status = 'revoked' WHERE id::text = $1)
        INSERT INTO {schema}.core_token_revocation (family, revoked_at, expires_at, reason) VALUES ($1, clock_timestamp(), $2, $3)
        ON CONFLICT (family) DO UPDATE SET expires_at = greatest(core_token_revocation.expires_at, excluded.expires_at)
        """;

    private const string Mark = "SELECT count(*)::text || ' ' || coalesce(max(revoked_at)::text, '') FROM {schema}.core_token_revocation WHERE expires_at >= now()";

    private const string Read = "SELECT family FROM {schema}.core_token_revocation WHERE expires_at >= now() ORDER BY revoked_at DESC LIMIT $1";

    public async Task AddAsync(string family, DateTimeOffset expiresAt, string reason, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(family);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(family.Length, MaxFamily);
        ArgumentNullException.ThrowIfNull(reason);
        await connections.RunAsync(
            async (connection, cancellation) =>
            {
                await using var command = new NpgsqlCommand(connections.Sql(Add), connection)
                {
                    Parameters =
                    {
                        new NpgsqlParameter<string> { TypedValue = family },
                        new NpgsqlParameter<DateTimeOffset> { TypedValue = expiresAt.ToUniversalTime() },
                        new NpgsqlParameter<string> { TypedValue = reason.Length > MaxReason ? reason[..MaxReason] : reason },
                    },
                };
                return await command.ExecuteNonQueryAsync(cancellation);
            },
            cancellationToken);
    }

    public Task<string> ReadMarkAsync(CancellationToken cancellationToken = default) => connections.RunAsync(
        async (connection, cancellation) =>
        {
            await using var command = new NpgsqlCommand(connections.Sql(Mark), connection);
            return (string)(await command.ExecuteScalarAsync(cancellation))!;
        },
        cancellationToken);

    public Task<IReadOnlyList<string>> ReadAsync(int limit, CancellationToken cancellationToken = default) => connections.RunAsync<IReadOnlyList<string>>(
        async (connection, cancellation) =>
        {
            await using var command = new NpgsqlCommand(connections.Sql(Read), connection) { Parameters = { new NpgsqlParameter<int> { TypedValue = limit } } };
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            List<string> families = [];
            while (await reader.ReadAsync(cancellation))
            {
                families.Add(reader.GetString(0));
            }

            return families;
        },
        cancellationToken);
}

using Microsoft.Extensions.Options;
using Npgsql;
using Platform.Audit;
using Platform.EntityFrameworkCore.Audit;
using Platform.EntityFrameworkCore.Connections;
using Platform.EntityFrameworkCore.Messaging;
using Platform.Secrets;
using static Platform.EntityFrameworkCore.Connections.StoreConnection;

namespace Platform.EntityFrameworkCore.Secrets;

/// <summary>Rotations in PostgreSQL. Each change is one transaction: the lease is held, the row changes, the audit trail and the outbox are written, hosts are told.</summary>
internal sealed class RotationStore(
    SecretDatabase database, AuditWriter audit, OutboxWriter outbox, IOptions<SecretsOptions> options, TimeProvider time) : IRotationStore
{
    private const string Take = """
        INSERT INTO {schema}.core_secret AS s (name, generation, created_at, orphans, lease_owner, lease_token, lease_expires_at)
        VALUES ($1, 0, clock_timestamp(), 0, $2, 1, clock_timestamp() + $3)
        ON CONFLICT (name) DO UPDATE SET lease_owner = $2, lease_token = s.lease_token + 1, lease_expires_at = clock_timestamp() + $3
        WHERE s.lease_expires_at <= clock_timestamp() RETURNING lease_token
        """;

    private const string Renew = "UPDATE {schema}.core_secret SET lease_expires_at = clock_timestamp() + $3 WHERE name = $1 AND lease_token = $2 AND lease_expires_at > clock_timestamp()";

    private const string Release = "UPDATE {schema}.core_secret SET lease_owner = NULL, lease_expires_at = '-infinity' WHERE name = $1 AND lease_token = $2";

    private const string Begin = """
        INSERT INTO {schema}.core_secret_rotation AS r (id, name, version, state, step, trigger, actor, reason, attempts, started_at, step_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, clock_timestamp(), clock_timestamp())
        ON CONFLICT (id) DO UPDATE SET state = $4, step = $5, step_at = clock_timestamp() WHERE r.state = 0
        """;

    private const string Ask = """
        INSERT INTO {schema}.core_secret (name, generation, created_at, orphans, lease_token, lease_expires_at)
        VALUES ($1, 0, clock_timestamp(), 0, 0, '-infinity') ON CONFLICT (name) DO NOTHING
        """;

    private const string AskRotation = """
        INSERT INTO {schema}.core_secret_rotation (id, name, version, state, step, trigger, actor, reason, attempts, started_at, step_at)
        SELECT $1, $2, $3, $4, $5, $6, $7, $8, 0, clock_timestamp(), clock_timestamp()
        WHERE NOT EXISTS (SELECT 1 FROM {schema}.core_secret_rotation r WHERE r.name = $2 AND r.state < 4 AND NOT (r.state = 3 AND $6 = 4)) ON CONFLICT DO NOTHING
        """;

    private const string AskBack = """
        UPDATE {schema}.core_secret_rotation r SET state = CASE WHEN state = 0 THEN 5 ELSE 2 END, attempts = 0, error = NULL, next_try_at = NULL,
            reason = coalesce($2, reason), actor = $3
        WHERE id = (
            SELECT id FROM {schema}.core_secret_rotation
            WHERE name = $1 AND (state IN (0, 1) OR state = 3 AND EXISTS (SELECT 1 FROM {schema}.core_secret_version v WHERE v.name = $1 AND v.stage = 2))
            ORDER BY state LIMIT 1 FOR UPDATE)
        RETURNING id
        """;

    private const string AddVersion = """
        INSERT INTO {schema}.core_secret_version (id, name, stage, key_id, wrapped_key, box, reference, created_at)
        VALUES ($1, $2, 0, $3, $4, $5, $6, clock_timestamp())
        """;

    private const string Advance = """
        UPDATE {schema}.core_secret_rotation SET step = $3, step_at = clock_timestamp(), attempts = 0, error = NULL, next_try_at = NULL
        WHERE id = $1 AND state = 1 AND step = $2
        """;

    private const string Changed = "UPDATE {schema}.core_secret SET generation = generation + 1 WHERE name = $1";

    private const string Wipe = """
        UPDATE {schema}.core_secret_version SET stage = 3, wrapped_key = NULL, box = NULL, retired_at = clock_timestamp() WHERE name = $1 AND stage = $2
        """;

    // The unique index is checked row by row, so each version moves by itself, the last place first.
    private const string Move = """
        UPDATE {schema}.core_secret_version SET stage = $3, promoted_at = CASE WHEN $3 = 1 THEN clock_timestamp() ELSE promoted_at END WHERE name = $1 AND stage = $2
        """;

    private const string Promoted = "UPDATE {schema}.core_secret SET rotated_at = clock_timestamp() WHERE name = $1";

    private const string Overlap = """
        UPDATE {schema}.core_secret_rotation SET state = 3, step = 4, step_at = clock_timestamp(), attempts = 0, error = NULL, next_try_at = NULL,
            finished_at = coalesce(finished_at, clock_timestamp()), retire_at = $3
        WHERE id = $1 AND state = $2
        """;

    private const string End = """
        UPDATE {schema}.core_secret_rotation SET state = $3, step_at = clock_timestamp(), next_try_at = NULL,
            error = CASE WHEN $3 = 4 THEN NULL ELSE error END WHERE id = $1 AND state = $2
        """;

    private const string Postpone = "UPDATE {schema}.core_secret_rotation SET retire_at = $2 WHERE id = $1 AND state = 3";

    private const string Fail = """
        UPDATE {schema}.core_secret_rotation SET attempts = attempts + 1, error = $2, next_try_at = clock_timestamp() + $3,
            state = CASE WHEN $4 THEN 2 ELSE state END WHERE id = $1 AND state < 4
        """;

    private const string Notify = "SELECT pg_notify($1, $2)";

    private const string NotifiedFor = "UPDATE {schema}.core_secret SET notified_for = $2 WHERE name = $1 AND notified_for IS DISTINCT FROM $2";

    private const string Orphans = "UPDATE {schema}.core_secret SET orphans = $2 WHERE name = $1";

    private const string Other = """
        SELECT id, name, key_id, wrapped_key, box FROM {schema}.core_secret_version
        WHERE stage < 3 AND key_id <> $1 ORDER BY id LIMIT 100 FOR UPDATE SKIP LOCKED
        """;

    private const string Rewrap = "UPDATE {schema}.core_secret_version SET key_id = $2, wrapped_key = $3 WHERE id = $1";

    private const string Read = """
        SELECT s.name, s.generation, v.id, v.stage, v.key_id, v.wrapped_key, v.box, v.reference
        FROM {schema}.core_secret s LEFT JOIN {schema}.core_secret_version v ON v.name = s.name AND v.stage < 3 WHERE s.name = $1 ORDER BY v.stage
        """;

    private const string TakenUp = """
        SELECT NOT EXISTS (
            SELECT 1 FROM {schema}.core_secret_reader r
            WHERE r.seen_at > clock_timestamp() - $2 AND coalesce((r.generations ->> s.name)::bigint, -1) < s.generation)
        FROM {schema}.core_secret s WHERE s.name = $1
        """;

    private const string RotationColumns = """
        r.id, r.name, r.version, r.state, r.step, r.trigger, r.actor, r.reason, r.attempts, r.error, r.started_at, r.step_at, r.next_try_at, r.finished_at, r.retire_at
        """;

    private const string Status = $$"""
        SELECT {{RotationColumns}}, s.name, s.generation, s.created_at, s.rotated_at, s.notified_for, s.orphans, live.count, live.behind,
            coalesce((SELECT array_agg(concat_ws('|', v.id, v.stage, v.key_id, extract(epoch FROM v.created_at), coalesce(extract(epoch FROM v.promoted_at)::text, ''), coalesce(v.reference, '')) ORDER BY v.stage)
                FROM {schema}.core_secret_version v WHERE v.name = s.name AND v.stage < 3), '{}')
        FROM {schema}.core_secret s
        LEFT JOIN LATERAL (SELECT * FROM {schema}.core_secret_rotation r WHERE r.name = s.name ORDER BY r.state < 4 DESC, r.id DESC LIMIT 1) r ON true
        CROSS JOIN LATERAL (
            SELECT count(*)::int, (count(*) FILTER (WHERE coalesce((e.generations ->> s.name)::bigint, -1) < s.generation))::int AS behind
            FROM {schema}.core_secret_reader e WHERE e.seen_at > clock_timestamp() - $2) live
        WHERE $1::text IS NULL OR s.name = $1 ORDER BY s.name LIMIT 1000
        """;

    private const string History = $$"""SELECT {{RotationColumns}} FROM {schema}.core_secret_rotation r WHERE r.name = $1 ORDER BY r.id DESC LIMIT $2""";

    private const string Now = "SELECT clock_timestamp()";

    private const string Actor = "schedule";

    // A host that stands still for a moment, with all its threads or with its database, is not gone.
    private static readonly TimeSpan ShortestLife = TimeSpan.FromSeconds(5);

    // Two looks may be lost before a host is taken for gone.
    private TimeSpan Lives => options.Value.PollInterval * 3 is var looks && looks > ShortestLife ? looks : ShortestLife;

    public async Task<SecretLease?> TakeAsync(string name, string owner, TimeSpan duration, CancellationToken cancellationToken)
    {
        await using var open = await database.OpenAsync(cancellationToken);
        await using var take = open.Command(Take, One(name), One(owner), One(duration));
        return await take.ExecuteScalarAsync(cancellationToken) is long token ? new SecretLease(name, token) : null;
    }

    public async Task RenewAsync(SecretLease lease, TimeSpan duration, CancellationToken cancellationToken)
    {
        await using var open = await database.OpenAsync(cancellationToken);
        await using var renew = open.Command(Renew, One(lease.Name), One(lease.Token), One(duration));
        if (await renew.ExecuteNonQueryAsync(cancellationToken) == 0)
        {
            throw new LeaseLostException(lease.Name);
        }
    }

    public async Task ReleaseAsync(SecretLease lease, CancellationToken cancellationToken)
    {
        await using var open = await database.OpenAsync(cancellationToken);
        await using var release = open.Command(Release, One(lease.Name), One(lease.Token));
        await release.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<SecretStatus>> StatusAsync(string? name, CancellationToken cancellationToken)
    {
        await using var open = await database.OpenAsync(cancellationToken);
        await using var command = open.Command(Status, Text(name), One(Lives));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var all = new List<SecretStatus>();
        while (await reader.ReadAsync(cancellationToken))
        {
            all.Add(await RotationRows.StatusAsync(reader, cancellationToken));
        }

        return all;
    }

    public async Task<IReadOnlyList<Rotation>> HistoryAsync(string name, int limit, CancellationToken cancellationToken)
    {
        await using var open = await database.OpenAsync(cancellationToken);
        await using var command = open.Command(History, One(name), One(limit));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rotations = new List<Rotation>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rotations.Add(await RotationRows.RotationAsync(reader, cancellationToken));
        }

        return rotations;
    }

    public async Task<StoredSecret?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        await using var open = await database.OpenAsync(cancellationToken);
        await using var command = open.Command(Read, One(name));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return (await SecretFeed.SecretsOfAsync(reader, cancellationToken)) is [var secret] ? secret : null;
    }

    public async Task<DateTimeOffset> NowAsync(CancellationToken cancellationToken)
    {
        await using var open = await database.OpenAsync(cancellationToken);
        await using var command = open.Command(Now);
        return new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync(cancellationToken))!);
    }

    public async Task<bool> IsTakenUpAsync(string name, CancellationToken cancellationToken)
    {
        await using var open = await database.OpenAsync(cancellationToken);
        await using var command = open.Command(TakenUp, One(name), One(Lives));
        return await command.ExecuteScalarAsync(cancellationToken) is not false;
    }

    public async Task<bool> RequestAsync(Rotation rotation, CancellationToken cancellationToken)
    {
        await using var open = await database.OpenAsync(cancellationToken);
        await using var transaction = await open.Connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(open, Ask, cancellationToken, One(rotation.Name));
        if (await ExecuteAsync(open, AskRotation, cancellationToken, Parameters(rotation)) == 0)
        {
            return false;
        }

        await RecordAsync(open, transaction, rotation, "request", AuditOutcome.Succeeded, rotation.Reason, cancellationToken);
        await TellAsync(open, $"ask {rotation.Name}", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    public async Task<bool> RequestRollbackAsync(string name, string actor, string? reason, CancellationToken cancellationToken)
    {
        await using var open = await database.OpenAsync(cancellationToken);
        await using var transaction = await open.Connection.BeginTransactionAsync(cancellationToken);
        await using (var back = open.Command(AskBack, One(name), Text(reason), One(actor)))
        {
            if (await back.ExecuteScalarAsync(cancellationToken) is null)
            {
                return false;
            }
        }

        await audit.RecordAsync(
            open.Connection, transaction, new AuditEvent("secrets.rotation.rollback", $"secret:{name}", AuditOutcome.Succeeded, reason) { Actor = actor }, cancellationToken);
        await TellAsync(open, $"ask {name}", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    public Task BeginAsync(SecretLease lease, Rotation rotation, StoredVersion? supplied, CancellationToken cancellationToken) => database.FencedAsync(
        lease,
        async (open, transaction) =>
        {
            await ChangeAsync(open, lease, Begin, cancellationToken, Parameters(rotation));
            if (supplied is not null)
            {
                await AddAsync(open, rotation.Name, supplied, cancellationToken);
            }

            await RecordAsync(open, transaction, rotation, "begin", AuditOutcome.Succeeded, rotation.Reason, cancellationToken);
        },
        cancellationToken);

    public Task AdvanceAsync(SecretLease lease, Rotation done, RotationStep next, StoredVersion? created, CancellationToken cancellationToken) => database.FencedAsync(
        lease,
        async (open, transaction) =>
        {
            await ChangeAsync(open, lease, Advance, cancellationToken, One(done.Id), One((short)done.Step), One((short)next));
            if (created is not null)
            {
                await AddAsync(open, done.Name, created, cancellationToken);
            }
            else if (done.Step is RotationStep.Set)
            {
                await PublishAsync(open, done.Name, cancellationToken);
            }

            await RecordAsync(open, transaction, done, done.Step.ToString().ToLowerInvariant(), AuditOutcome.Succeeded, null, cancellationToken);
        },
        cancellationToken);

    public Task PromoteAsync(SecretLease lease, Rotation rotation, DateTimeOffset retireAt, CancellationToken cancellationToken) => database.FencedAsync(
        lease,
        async (open, transaction) =>
        {
            await ChangeAsync(open, lease, Overlap, cancellationToken, One(rotation.Id), One((short)RotationState.Running), One(retireAt.ToUniversalTime()));
            await MoveAsync(open, rotation.Name, SecretStage.Current, SecretStage.Previous, cancellationToken);
            await MoveAsync(open, rotation.Name, SecretStage.Pending, SecretStage.Current, cancellationToken);
            await ExecuteAsync(open, Promoted, cancellationToken, One(rotation.Name));
            await PublishAsync(open, rotation.Name, cancellationToken);
            await outbox.EnqueueAsync(
                open.Connection,
                transaction,
                new SecretRotated(rotation.Name, rotation.Version, rotation.Trigger.ToString().ToLowerInvariant(), time.GetUtcNow()),
                cancellationToken: cancellationToken);
            await RecordAsync(open, transaction, rotation, "finish", AuditOutcome.Succeeded, null, cancellationToken);
        },
        cancellationToken);

    public Task PostponeAsync(SecretLease lease, Rotation rotation, DateTimeOffset retireAt, CancellationToken cancellationToken) => database.FencedAsync(
        lease,
        (open, _) => ChangeAsync(open, lease, Postpone, cancellationToken, One(rotation.Id), One(retireAt.ToUniversalTime())),
        cancellationToken);

    public Task CompleteAsync(SecretLease lease, Rotation rotation, CancellationToken cancellationToken) => database.FencedAsync(
        lease,
        async (open, transaction) =>
        {
            await ChangeAsync(open, lease, End, cancellationToken, One(rotation.Id), One((short)RotationState.Overlapping), One((short)RotationState.Completed));
            await ExecuteAsync(open, Wipe, cancellationToken, One(rotation.Name), One((short)SecretStage.Previous));

            // Also where no version was: what the rotator made worthless, such as a published key, hosts are to forget.
            await PublishAsync(open, rotation.Name, cancellationToken);

            await RecordAsync(open, transaction, rotation, "retire", AuditOutcome.Succeeded, null, cancellationToken);
        },
        cancellationToken);

    public Task DiscardAsync(SecretLease lease, Rotation rotation, RotationState end, CancellationToken cancellationToken) => database.FencedAsync(
        lease,
        async (open, transaction) =>
        {
            await ChangeAsync(open, lease, End, cancellationToken, One(rotation.Id), One((short)RotationState.RollingBack), One((short)end));
            if (await ExecuteAsync(open, Wipe, cancellationToken, One(rotation.Name), One((short)SecretStage.Pending)) > 0)
            {
                await PublishAsync(open, rotation.Name, cancellationToken);
            }

            if (end is RotationState.Failed)
            {
                await outbox.EnqueueAsync(
                    open.Connection,
                    transaction,
                    new SecretRotationFailed(rotation.Name, rotation.Step.ToString().ToLowerInvariant(), rotation.Error ?? string.Empty, time.GetUtcNow()),
                    cancellationToken: cancellationToken);
            }

            await RecordAsync(
                open, transaction, rotation, "discard", end is RotationState.Failed ? AuditOutcome.Failed : AuditOutcome.Succeeded, rotation.Error, cancellationToken);
        },
        cancellationToken);

    public Task RestoreAsync(SecretLease lease, Rotation rotation, DateTimeOffset retireAt, CancellationToken cancellationToken) => database.FencedAsync(
        lease,
        async (open, transaction) =>
        {
            await ChangeAsync(open, lease, Overlap, cancellationToken, One(rotation.Id), One((short)RotationState.RollingBack), One(retireAt.ToUniversalTime()));
            await MoveAsync(open, rotation.Name, SecretStage.Current, SecretStage.Pending, cancellationToken);
            await MoveAsync(open, rotation.Name, SecretStage.Previous, SecretStage.Current, cancellationToken);
            await MoveAsync(open, rotation.Name, SecretStage.Pending, SecretStage.Previous, cancellationToken);
            await ExecuteAsync(open, Promoted, cancellationToken, One(rotation.Name));
            await PublishAsync(open, rotation.Name, cancellationToken);
            await RecordAsync(open, transaction, rotation, "restore", AuditOutcome.Succeeded, rotation.Reason, cancellationToken);
        },
        cancellationToken);

    public Task FailAsync(SecretLease lease, Rotation rotation, string error, TimeSpan retryAfter, bool giveUp, CancellationToken cancellationToken) => database.FencedAsync(
        lease,
        async (open, transaction) =>
        {
            var told = error.Length <= 500 ? error : error[..500];
            await ExecuteAsync(open, Fail, cancellationToken, One(rotation.Id), One(told), One(retryAfter), One(giveUp));
            await RecordAsync(open, transaction, rotation, rotation.Step.ToString().ToLowerInvariant(), AuditOutcome.Failed, told, cancellationToken);
        },
        cancellationToken);

    public async Task<int> RewrapAsync(SecretEnvelope envelope, string actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        var all = 0;
        while (true)
        {
            var count = await RewrapSomeAsync(envelope, actor, cancellationToken);
            all += count;
            if (count == 0)
            {
                return all;
            }
        }
    }

    public Task ReportOrphanAsync(SecretLease lease, string reference, bool removed, int left, CancellationToken cancellationToken) => database.FencedAsync(
        lease,
        async (open, transaction) =>
        {
            await ExecuteAsync(open, Orphans, cancellationToken, One(lease.Name), One(left));
            await audit.RecordAsync(
                open.Connection,
                transaction,
                new AuditEvent("secrets.orphan", $"secret:{lease.Name}", removed ? AuditOutcome.Succeeded : AuditOutcome.Failed, "A credential without a keeper was found.")
                {
                    Actor = Actor,
                    Details = new Dictionary<string, string> { ["credential"] = reference.Length <= 200 ? reference : reference[..200], ["removed"] = removed ? "yes" : "no" },
                },
                cancellationToken);
        },
        cancellationToken);

    public Task<bool> NotifyAsync(SecretLease lease, Guid version, DateTimeOffset due, bool automatic, CancellationToken cancellationToken) => database.FencedAsync(
        lease,
        async (open, transaction) =>
        {
            if (await ExecuteAsync(open, NotifiedFor, cancellationToken, One(lease.Name), One(version)) == 0)
            {
                return false;
            }

            await outbox.EnqueueAsync(
                open.Connection, transaction, new SecretExpiring(lease.Name, version, due, automatic), cancellationToken: cancellationToken);
            await audit.RecordAsync(
                open.Connection, transaction, new AuditEvent("secrets.expiring", $"secret:{lease.Name}", AuditOutcome.Succeeded, $"Due at {due:u}.") { Actor = Actor }, cancellationToken);
            return true;
        },
        cancellationToken);

    public Task ListenAsync(Action asked, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(asked);
        return database.ListenAsync(
            payload =>
            {
                if (payload.StartsWith("ask ", StringComparison.Ordinal))
                {
                    asked();
                }
            },
            asked,
            cancellationToken);
    }

    private async Task<int> RewrapSomeAsync(SecretEnvelope envelope, string actor, CancellationToken cancellationToken)
    {
        await using var open = await database.OpenAsync(cancellationToken);
        await using var transaction = await open.Connection.BeginTransactionAsync(cancellationToken);
        var old = new List<(Guid Id, string Name, SealedSecret Sealed)>();
        await using (var other = open.Command(Other, One(await envelope.CurrentKeyIdAsync(cancellationToken))))
        await using (var reader = await other.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                old.Add((reader.GetGuid(0), reader.GetString(1), new SealedSecret(reader.GetString(2), reader.GetFieldValue<byte[]>(3), reader.GetFieldValue<byte[]>(4))));
            }
        }

        foreach (var (id, name, stored) in old)
        {
            var fresh = await envelope.RewrapAsync(name, id, stored, cancellationToken) ?? stored;
            await ExecuteAsync(open, Rewrap, cancellationToken, One(id), One(fresh.KeyId), One(fresh.WrappedKey));
            await audit.RecordAsync(
                open.Connection,
                transaction,
                new AuditEvent("secrets.rewrap", $"secret:{name}")
                {
                    Actor = actor,
                    Details = new Dictionary<string, string> { ["version"] = id.ToString(), ["from"] = stored.KeyId, ["to"] = fresh.KeyId },
                },
                cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return old.Count;
    }

    private async Task PublishAsync(StoreConnection open, string name, CancellationToken cancellationToken)
    {
        await ExecuteAsync(open, Changed, cancellationToken, One(name));
        await TellAsync(open, $"new {name}", cancellationToken);
    }

    private async Task AddAsync(StoreConnection open, string name, StoredVersion version, CancellationToken cancellationToken)
    {
        await ExecuteAsync(
            open,
            AddVersion,
            cancellationToken,
            One(version.Id),
            One(name),
            One(version.Sealed.KeyId),
            One(version.Sealed.WrappedKey),
            One(version.Sealed.Box),
            Text(version.Reference));
        await PublishAsync(open, name, cancellationToken);
    }

    private static Task<int> MoveAsync(StoreConnection open, string name, SecretStage from, SecretStage to, CancellationToken cancellationToken) =>
        ExecuteAsync(open, Move, cancellationToken, One(name), One((short)from), One((short)to));

    private async Task TellAsync(StoreConnection open, string payload, CancellationToken cancellationToken)
    {
        await using var notify = open.Command(Notify, One(database.Channel), One(payload));
        await notify.ExecuteNonQueryAsync(cancellationToken);
    }

    private Task<Guid> RecordAsync(
        StoreConnection open, NpgsqlTransaction transaction, Rotation rotation, string verb, AuditOutcome outcome, string? reason, CancellationToken cancellationToken) =>
        audit.RecordAsync(
            open.Connection,
            transaction,
            new AuditEvent($"secrets.rotation.{verb}", $"secret:{rotation.Name}", outcome, reason)
            {
                Actor = rotation.Actor,
                Details = new Dictionary<string, string>
                {
                    ["version"] = rotation.Version.ToString(),
                    ["trigger"] = rotation.Trigger.ToString().ToLowerInvariant(),
                    ["attempt"] = (rotation.Attempts + 1).ToString(System.Globalization.CultureInfo.InvariantCulture),
                },
            },
            cancellationToken);

    // A rotation that is not as it was read has been told to go back meanwhile: whoever looks next finds it so.
    private static async Task ChangeAsync(
        StoreConnection open, SecretLease lease, string statement, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        if (await ExecuteAsync(open, statement, cancellationToken, parameters) == 0)
        {
            throw new LeaseLostException(lease.Name);
        }
    }

    private static async Task<int> ExecuteAsync(
        StoreConnection open, string statement, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using var command = open.Command(statement, parameters);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlParameter[] Parameters(Rotation rotation) =>
    [
        One(rotation.Id), One(rotation.Name), One(rotation.Version), One((short)rotation.State), One((short)rotation.Step), One((short)rotation.Trigger),
        One(rotation.Actor), Text(rotation.Reason),
    ];
}

using System.Globalization;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Platform.Errors;
using Platform.FeatureFlags;
using Platform.Identifiers;
using Platform.Redaction;

namespace Platform.EntityFrameworkCore.FeatureFlags;

/// <summary>
/// Changes items within a transaction that the caller began and commits, on its connection. After the commit the caller hands the result to
/// <see cref="Committed"/>.
/// </summary>
internal sealed class FlagWriter(FlagDatabase database, FlagReads reads, IEnumerable<IFlagAnnouncer> announcers, TimeProvider time)
{
    private const string Advance = """
        UPDATE {schema}.core_feature_flag_state SET version = version + 1, next_position = next_position + $1, changed_at = $2
        RETURNING version, next_position - $1
        """;

    private const string Put = """
        INSERT INTO {schema}.core_feature_flag AS f (kind, origin, name, version, position, document, changed_at)
        SELECT k, o, n, $6, p, d::json, $7 FROM unnest($1, $2, $3, $4, $5) AS t (k, o, n, p, d)
        ON CONFLICT (kind, origin, name) DO UPDATE
        SET version = EXCLUDED.version, position = EXCLUDED.position, document = EXCLUDED.document, changed_at = EXCLUDED.changed_at
        """;

    private const string Remove = """
        DELETE FROM {schema}.core_feature_flag f USING unnest($1, $2, $3) AS t (k, o, n)
        WHERE f.kind = t.k AND f.origin = t.o AND f.name = t.n
        """;

    private const string Record = """
        INSERT INTO {schema}.core_feature_flag_audit
            (id, change_id, version, kind, origin, name, action, actor, reason, at, before, after, position, undoes)
        SELECT i, $9, $10, k, o, n, a, $11, $12, $13, b::json, f::json, p, $14
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $8) AS t (i, k, o, n, a, b, f, p)
        """;

    private const string Notify = "SELECT pg_notify($1, $2)";

    /// <summary>Runs an edit; see <see cref="IFlagStore.EditAsync"/>.</summary>
    public async Task<FlagCommit> EditAsync(NpgsqlConnection connection, FlagEdit edit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(edit);
        FlagAuthorRules.Check(edit.Author);
        var current = await reads.LockAsync(connection, cancellationToken);
        CheckExpected(current, edit.Expected);
        var after = edit.Change(current.Document);
        var planned = Plan(current, after);
        return await ApplyAsync(connection, current, after, planned, edit.Author, undoes: null, edit.KeepsUnreadable, cancellationToken);
    }

    /// <summary>Writes what is planned.</summary>
    public async Task<FlagCommit> ApplyAsync(
        NpgsqlConnection connection,
        StoredFlags current,
        FlagDocument after,
        List<PlannedItem> planned,
        FlagAuthor author,
        Guid? undoes,
        bool keepsUnreadable,
        CancellationToken cancellationToken)
    {
        if (planned.Count == 0)
        {
            return new FlagCommit(Guid.Empty, current, []);
        }

        var changed = planned.ToDictionary(item => item.Key, item => item.After ?? "");
        FlagChangeRules.Check(current.Document, after, changed, keepsUnreadable);

        // PostgreSQL keeps microseconds.
        var now = time.GetUtcNow();
        now = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
        var (version, position) = await AdvanceAsync(connection, planned.Count(item => item is { Before: null, Position: null }), now, cancellationToken);
        var changeId = Uuid7.Next(time);
        List<FlagItem> put = [];
        List<FlagAuditEntry> entries = [];
        List<long> positions = [];
        foreach (var item in planned)
        {
            var place = item.Position ?? item.Before?.Position ?? position++;
            positions.Add(place);
            if (item.After is not null)
            {
                put.Add(new FlagItem(item.Key, version, place, item.After));
            }

            entries.Add(new FlagAuditEntry(
                Uuid7.Next(time), changeId, version, item.Key, FlagActions.Of(item.Before?.Definition, item.AfterDefinition), author, now,
                Json(item.Before?.Json), Json(item.After), undoes));
        }

        await using var batch = new NpgsqlBatch(connection);
        FlagKey[] gone = [.. planned.Where(item => item.After is null).Select(item => item.Key)];
        if (put.Count > 0)
        {
            batch.BatchCommands.Add(PutCommand(put, version, now));
        }

        if (gone.Length > 0)
        {
            batch.BatchCommands.Add(Command(Remove, Kinds(gone), Origins(gone), Names(gone)));
        }

        batch.BatchCommands.Add(RecordCommand(entries, planned, positions));
        batch.BatchCommands.Add(Command(Notify, Value(database.Channel), Value(version.ToString(CultureInfo.InvariantCulture))));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return new FlagCommit(changeId, current.With(version, gone, put), entries);
    }

    /// <summary>Tells everybody, after the transaction was committed.</summary>
    public void Committed(FlagCommit commit)
    {
        if (commit.Entries.Count == 0)
        {
            return;
        }

        reads.Keep(commit.Flags);
        foreach (var announcer in announcers)
        {
            announcer.Announce(commit.Flags);
        }
    }

    private static void CheckExpected(StoredFlags current, IReadOnlyDictionary<FlagKey, long?> expected)
    {
        foreach (var (key, version) in expected)
        {
            if (current.Find(key)?.Version != version)
            {
                throw version is null && expected.Count == 1
                    ? ErrorException.AlreadyExists(FlagText.Of(key.Kind), "/name")
                    : new ErrorException(ErrorCode.PreconditionFailed, $"The {FlagText.Of(key.Kind)} was changed by somebody else meanwhile.");
            }
        }
    }

    private static List<PlannedItem> Plan(StoredFlags current, FlagDocument after)
    {
        List<PlannedItem> planned = [];
        HashSet<FlagKey> kept = [];
        foreach (var (key, definition) in after.Items())
        {
            // A name that stands there twice is refused with the rest of the rules; here the first one counts.
            if (!kept.Add(key))
            {
                continue;
            }

            var before = current.Find(key);
            if (before is not null && ReferenceEquals(before.Definition, definition))
            {
                continue;
            }

            var text = FlagItem.Text(definition);
            if (before?.Json != text)
            {
                planned.Add(new PlannedItem(key, before, text, definition));
            }
        }

        planned.AddRange(current.Items.Where(item => !kept.Contains(item.Key)).OrderBy(item => item.Position)
            .Select(item => new PlannedItem(item.Key, item, null, null)));
        return planned;
    }

    private async Task<(long Version, long Position)> AdvanceAsync(
        NpgsqlConnection connection, int places, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(database.Sql(Advance), connection)
        {
            Parameters = { new NpgsqlParameter<long> { TypedValue = places }, Value(now) },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetInt64(0), reader.GetInt64(1));
    }

    private NpgsqlBatchCommand PutCommand(List<FlagItem> put, long version, DateTimeOffset now)
    {
        FlagKey[] keys = [.. put.Select(item => item.Key)];
        return Command(
            Put,
            Kinds(keys),
            Origins(keys),
            Names(keys),
            Value(put.Select(item => item.Position).ToArray()),
            Texts(put.Select(item => (string?)item.Json)),
            Value(version),
            Value(now));
    }

    private NpgsqlBatchCommand RecordCommand(List<FlagAuditEntry> entries, List<PlannedItem> planned, List<long> positions)
    {
        FlagKey[] keys = [.. entries.Select(entry => entry.Key)];
        var first = entries[0];
        return Command(
            Record,
            Value(entries.Select(entry => entry.Id).ToArray()),
            Kinds(keys),
            Origins(keys),
            Names(keys),
            Texts(entries.Select(entry => (string?)FlagText.Of(entry.Action))),
            Texts(planned.Select(item => item.Before?.Json)),
            Texts(planned.Select(item => item.After)),
            Value(positions.ToArray()),
            Value(first.ChangeId),
            Value(first.Version),
            Value(first.Author.Name),
            Value(Redactor.Default.Redact(first.Author.Reason, "reason")),
            Value(first.At),
            new NpgsqlParameter { Value = (object?)first.Undoes ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
    }

    private NpgsqlBatchCommand Command(string statement, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlBatchCommand(database.Sql(statement));
        command.Parameters.AddRange(parameters);
        return command;
    }

    private static NpgsqlParameter Kinds(FlagKey[] keys) => Texts(keys.Select(key => (string?)FlagText.Of(key.Kind)));

    private static NpgsqlParameter Origins(FlagKey[] keys) => Texts(keys.Select(key => (string?)FlagText.Of(key.Origin)));

    private static NpgsqlParameter Names(FlagKey[] keys) => Texts(keys.Select(key => (string?)key.Name));

    private static NpgsqlParameter Texts(IEnumerable<string?> values) =>
        new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    private static NpgsqlParameter<T> Value<T>(T value) => new() { TypedValue = value };

    private static JsonElement? Json(string? text) => text is null ? null : JsonElement.Parse(text);
}

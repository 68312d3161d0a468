using Npgsql;
using Platform.Errors;
using Platform.FeatureFlags;

namespace Platform.EntityFrameworkCore.FeatureFlags;

/// <summary>Flags in PostgreSQL.</summary>
internal sealed class FlagStore(FlagDatabase database, FlagReads reads, FlagWriter writer, FlagAuditQueries audit) : IFlagStore
{
    public async Task<StoredFlags> ReadAsync(CancellationToken cancellationToken = default)
    {
        await using var open = await database.OpenAsync(cancellationToken);
        return await reads.ReadAsync(open.Connection, reads.Latest, cancellationToken);
    }

    public Task<FlagCommit> EditAsync(FlagEdit edit, CancellationToken cancellationToken = default) =>
        CommitAsync(connection => writer.EditAsync(connection, edit, cancellationToken), cancellationToken);

    public Task<FlagCommit> UndoAsync(Guid id, FlagAuthor author, bool force = false, CancellationToken cancellationToken = default)
    {
        var known = FlagAuthorRules.Checked(author);
        return CommitAsync(connection => UndoAsync(connection, id, known, force, cancellationToken), cancellationToken);
    }

    public Task<FlagAuditPage> ListAuditAsync(
        FlagAuditFilter filter, int limit = 50, Guid? after = null, CancellationToken cancellationToken = default) =>
        audit.ListAsync(filter, limit, after, cancellationToken);

    public Task<FlagAuditEntry?> FindAuditAsync(Guid id, CancellationToken cancellationToken = default) => audit.FindAsync(id, cancellationToken);

    private async Task<FlagCommit> CommitAsync(Func<NpgsqlConnection, Task<FlagCommit>> change, CancellationToken cancellationToken)
    {
        await using var open = await database.OpenAsync(cancellationToken);
        await using var transaction = await open.Connection.BeginTransactionAsync(cancellationToken);
        var commit = await change(open.Connection);
        await transaction.CommitAsync(cancellationToken);
        writer.Committed(commit);
        return commit;
    }

    private async Task<FlagCommit> UndoAsync(
        NpgsqlConnection connection, Guid id, FlagAuthor author, bool force, CancellationToken cancellationToken)
    {
        var current = await reads.LockAsync(connection, cancellationToken);
        var entries = await audit.OfChangeAsync(connection, id, cancellationToken);
        if (entries.Count == 0)
        {
            throw ErrorException.NotFound("flag-change", id);
        }

        List<PlannedItem> planned = [];
        foreach (var (key, before, after, position) in entries)
        {
            var now = current.Find(key);
            if (now?.Json == before)
            {
                continue;
            }

            if (!force && now?.Json != after)
            {
                throw ErrorException.NotAllowed(FlagText.Of(key.Kind), key.Name, $"The {FlagText.Of(key.Kind)} was changed again since. Force the undo to lose that.");
            }

            var restored = before is null ? null : new FlagItem(key, 0, position, before);
            planned.Add(new PlannedItem(key, now, before, restored?.Definition, now is null ? position : null));
        }

        var restoredItems = planned.Where(item => item.After is not null)
            .Select(item => new FlagItem(item.Key, current.Version, item.Position ?? item.Before!.Position, item.After!)).ToList();
        var document = current.With(current.Version, planned.Where(item => item.After is null).Select(item => item.Key), restoredItems).Document;

        // What was stored once was checked then, or taken as unreadable by somebody who meant it.
        return await writer.ApplyAsync(connection, current, document, planned, author, id, keepsUnreadable: true, cancellationToken);
    }
}

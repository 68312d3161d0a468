using Npgsql;
using Platform.Audit;

namespace Platform.EntityFrameworkCore.Audit;

/// <summary>Reads rows back as the entries that they were written from.</summary>
internal static class AuditReading
{
    public const string Columns =
        "a.id, a.occurred_at, a.actor, a.action, a.target, a.outcome, a.reason, a.trace_id, a.correlation_id, a.source, a.details, a.key_id, a.code, e.key_id, e.code";

    /// <summary>Where the columns come from besides the trail, which is <c>a</c>.</summary>
    public const string Erasures = "LEFT JOIN {schema}.core_security_audit_erasure e ON e.entry_id = a.id";

    public static StoredEntry Read(NpgsqlDataReader reader, int first)
    {
        var outcome = reader.GetString(first + 5);
        var entry = new AuditEntry(
            reader.GetGuid(first),
            reader.GetFieldValue<DateTimeOffset>(first + 1),
            reader.GetString(first + 2),
            reader.GetString(first + 3),
            reader.GetString(first + 4),
            Enum.TryParse<AuditOutcome>(outcome, out var known) ? known : (AuditOutcome)(-1),
            Text(reader, first + 6),
            Text(reader, first + 7),
            Text(reader, first + 8),
            reader.GetString(first + 9),
            Text(reader, first + 10));
        return new StoredEntry(
            entry,
            reader.GetInt32(first + 11),
            reader.GetFieldValue<byte[]>(first + 12),
            reader.IsDBNull(first + 13) ? null : new StoredErasure(reader.GetInt32(first + 13), reader.GetFieldValue<byte[]>(first + 14)));
    }

    /// <summary>Says what is wrong with a row by itself, or null.</summary>
    public static AuditFault? Fault(StoredEntry stored, AuditKeys keys)
    {
        if (keys.Find(stored.KeyId) is not { } key)
        {
            return AuditFault.UnknownKey;
        }

        if (AuditChain.Same(AuditChain.Code(key, stored.Entry), stored.Code))
        {
            return null;
        }

        if (stored.Erasure is not { } erasure)
        {
            return AuditFault.Changed;
        }

        return keys.Find(erasure.KeyId) is not { } erasureKey ? AuditFault.UnknownKey
            : AuditChain.Same(AuditChain.Erasure(erasureKey, stored.Code, stored.Entry), erasure.Code) ? null
            : AuditFault.Changed;
    }

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}

/// <summary>An entry with the code that is kept with it, and with that of its erasure where a person was taken out.</summary>
internal sealed record StoredEntry(AuditEntry Entry, int KeyId, byte[] Code, StoredErasure? Erasure);

/// <summary>The code of what an erasure left.</summary>
internal sealed record StoredErasure(int KeyId, byte[] Code);

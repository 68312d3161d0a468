using Npgsql;
using Platform.EntityFrameworkCore.Connections;
using Platform.Messaging;
using Platform.Redaction;

namespace Platform.EntityFrameworkCore.Messaging.Dispatching;

/// <summary>Parks events in <c>core_dead_letter</c>.</summary>
internal sealed class DeadLetterTable(MessagingDatabase database)
{
    // The same event may come again after a replay: the newer failure is the one to look at.
    private const string Insert = $"""
        INSERT INTO {"{schema}"}.core_dead_letter ({EventParameters.Columns}, reason, attempts, error_type, error, stack, parked_at)
        VALUES ({EventParameters.Placeholders}, $15, $16, $17, $18, $19, now())
        ON CONFLICT (subscription, event_id) DO UPDATE
        SET reason = excluded.reason, attempts = excluded.attempts, error_type = excluded.error_type, error = excluded.error,
            stack = excluded.stack, parked_at = excluded.parked_at, payload = excluded.payload
        """;

    public NpgsqlBatchCommand Park(string subscription, EventEnvelope envelope, ParkedReason reason, int attempts, ErrorText error)
    {
        var command = EventParameters.Add(new NpgsqlBatchCommand(database.Sql(Insert)), subscription, envelope);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = reason.Wire });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = attempts });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = error.Type });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = error.Message });
        command.Parameters.Add(StoreConnection.Text(error.Stack));
        return command;
    }
}

/// <summary>Why an event was given up.</summary>
internal sealed record ParkedReason(string Wire)
{
    public static readonly ParkedReason Failed = new("failed");
    public static readonly ParkedReason UnknownType = new("unknown_type");
    public static readonly ParkedReason Crashed = new("crashed");
}

/// <summary>An exception as it is stored, cut to a bounded length.</summary>
internal sealed record ErrorText(string Type, string Message, string? Stack)
{
    private const int MaxMessage = 2000;
    private const int MaxStack = 16_000;

    // A value that the cut goes through is still known as one.
    private const int BehindCut = 320;

    public static ErrorText Of(Exception exception) =>
        new(exception.GetType().FullName ?? exception.GetType().Name, Clean(exception.Message, MaxMessage), Clean(exception.ToString(), MaxStack));

    // PostgreSQL text cannot hold the character zero. Exceptions quote what they failed on.
    private static string Clean(string text, int max)
    {
        var safe = Redactor.Default.Redact(text.Length <= max + BehindCut ? text : text[..(max + BehindCut)]);
        return (safe.Length <= max ? safe : safe[..max]).Replace("\0", string.Empty, StringComparison.Ordinal);
    }
}

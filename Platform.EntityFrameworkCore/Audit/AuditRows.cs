using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Platform.Audit;
using Platform.Identifiers;
using Platform.Messaging;
using Platform.Redaction;
using Platform.Telemetry;

namespace Platform.EntityFrameworkCore.Audit;

/// <summary>Turns what is told into rows with their codes. Thread safe.</summary>
internal sealed class AuditRows(Lazy<AuditKeys> keys, TimeProvider time, string source, Redactors? redactors = null)
{
    private const string Nobody = "system";
    private const int MaxActor = 200;
    private const int MaxDetail = 200;
    private const int MaxSource = 100;
    private const int MaxCorrelation = 128;

    private static readonly SearchValues<char> ActionCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._-");

    public AuditRow Row(AuditEvent entry, IEventMetadata? caller)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (entry.Action is not { Length: > 0 and <= AuditEvent.MaxAction } || entry.Action.AsSpan().ContainsAnyExcept(ActionCharacters))
        {
            throw new ArgumentException("An action is lower case words with dots.", nameof(entry));
        }

        var redactor = redactors?.For(RedactionAudience.Telemetry) ?? Redactor.Default;
        var now = time.GetUtcNow();
        var whole = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
        var kept = new AuditEntry(
            Uuid7.Next(time),
            whole,
            Text(entry.Actor ?? caller?.Actor, MaxActor) ?? Nobody,
            entry.Action,
            Text(Target(redactor, entry.Target), AuditEvent.MaxTarget) ?? "",
            entry.Outcome,
            Text(Safe(redactor, entry.Reason, "reason"), AuditEvent.MaxReason),
            Text(entry.TraceId ?? Activity.Current?.TraceId.ToHexString(), 64),
            Text(caller?.CorrelationId ?? Correlation.Current, MaxCorrelation),
            Text(source, MaxSource) ?? "",
            Details(redactor, entry.Details));
        var ring = keys.Value;
        return new AuditRow
        {
            Id = kept.Id,
            OccurredAt = kept.OccurredAt,
            Actor = kept.Actor,
            Action = kept.Action,
            Target = kept.Target,
            Outcome = kept.Outcome.ToString(),
            Reason = kept.Reason,
            TraceId = kept.TraceId,
            CorrelationId = kept.CorrelationId,
            Source = kept.Source,
            Details = kept.Details,
            KeyId = ring.CurrentId,
            Code = AuditChain.Code(ring.Find(ring.CurrentId)!, kept),
        };
    }

    // Nobody may change a row later, so nothing gets into one that had to be taken out.
    private static string? Safe(Redactor redactor, string? value, string? name = null) => value is null ? null : redactor.Redact(value, name);

    // What PostgreSQL takes and gives back as it was: no NUL, no half of a surrogate pair.
    private static string? Text(string? value, int most)
    {
        if (string.IsNullOrEmpty(value))
        {
            return null;
        }

        var text = value.Length > most ? value[..most] : value;
        if (!text.Contains('\0', StringComparison.Ordinal) && !text.AsSpan().ContainsAnyInRange('\ud800', '\udfff'))
        {
            return text;
        }

        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            clean.Append(rune.Value == 0 ? Rune.ReplacementChar.ToString() : rune.ToString());
        }

        return clean.Length > most ? clean.ToString(0, most) : clean.ToString();
    }

    // The kind in front of the id is no label of what follows: secret:webhook names a secret and holds none.
    private static string? Target(Redactor redactor, string target)
    {
        var kind = target.IndexOf(':', StringComparison.Ordinal) + 1;
        return string.Concat(target.AsSpan(0, kind), Safe(redactor, target[kind..]));
    }

    private static string? Details(Redactor redactor, IReadOnlyDictionary<string, string>? details)
    {
        if (details is not { Count: > 0 })
        {
            return null;
        }

        if (details.Count > AuditEvent.MaxDetails)
        {
            throw new ArgumentException($"There may be {AuditEvent.MaxDetails} details at most.", nameof(details));
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var (name, value) in details.OrderBy(detail => detail.Key, StringComparer.Ordinal))
            {
                json.WriteString(Text(name, MaxDetail) ?? "", Text(Safe(redactor, value, name), MaxDetail) ?? "");
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}

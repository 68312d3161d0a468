using OpenTelemetry;
using OpenTelemetry.Logs;
using Platform.Redaction;

namespace Platform.ServiceDefaults.Redaction;

/// <summary>Redacts log records before any exporter gets them: values, template, message, and the exception, which goes on as attributes where it has to change.</summary>
internal sealed class SafeLogRecords(Redactors redactors) : BaseProcessor<LogRecord>
{
    public override void OnEnd(LogRecord data)
    {
        var redactor = redactors.For(RedactionAudience.Telemetry);
        var hidden = new HiddenValues();
        if (data.Attributes is { Count: > 0 } attributes)
        {
            data.Attributes = Redacted(attributes, redactor, hidden);
        }

        if (data.FormattedMessage is { } message)
        {
            data.FormattedMessage = redactor.Redact(hidden.Replace(message));
        }

        if (data.Body is { } body)
        {
            data.Body = redactor.Redact(hidden.Replace(body));
        }

        if (data.Exception is { } exception)
        {
            var text = exception.ToString();
            var safe = redactor.Redact(hidden.Replace(text));
            if (!ReferenceEquals(safe, text))
            {
                data.Exception = null;
                data.Attributes =
                [
                    .. data.Attributes ?? [],
                    new("exception.type", exception.GetType().FullName),
                    new("exception.message", redactor.Redact(hidden.Replace(exception.Message))),
                    new("exception.stacktrace", safe),
                ];
            }
        }
    }

    private static IReadOnlyList<KeyValuePair<string, object?>> Redacted(IReadOnlyList<KeyValuePair<string, object?>> attributes, Redactor redactor, HiddenValues hidden)
    {
        KeyValuePair<string, object?>[]? changed = null;
        for (var i = 0; i < attributes.Count; i++)
        {
            var attribute = attributes[i];
            if (SafeAttributes.TryRedact(attribute, redactor, out var redacted))
            {
                changed ??= [.. attributes];
                changed[i] = new(attribute.Key, redacted);
                hidden.Add(attribute.Value, redacted as string);
            }
        }

        return changed ?? attributes;
    }
}

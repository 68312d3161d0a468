using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Platform.Redaction;

namespace Platform.ServiceDefaults.Redaction;

/// <summary>One line for people: time, level, category, message, exception; redacted like every other form of the log.</summary>
internal sealed class SafeConsoleFormatter(Redactors redactors, TimeProvider time) : ConsoleFormatter(Name)
{
    public new const string Name = "platform";

    private static readonly string[] Levels = ["trce", "dbug", "info", "warn", "fail", "crit"];

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var redactor = redactors.For(RedactionAudience.Telemetry);
        var hidden = new HiddenValues();
        if (logEntry.State is IReadOnlyList<KeyValuePair<string, object?>> values)
        {
            foreach (var value in values)
            {
                if (value.Key != "{OriginalFormat}" && SafeAttributes.TryRedact(value, redactor, out var redacted))
                {
                    hidden.Add(value.Value, redacted as string);
                }
            }
        }

        var message = redactor.Redact(hidden.Replace(logEntry.Formatter(logEntry.State, logEntry.Exception)));
        textWriter.Write($"{time.GetLocalNow():HH:mm:ss} {Levels[Math.Clamp((int)logEntry.LogLevel, 0, Levels.Length - 1)]}: {logEntry.Category}[{logEntry.EventId.Id}] ");
        textWriter.Write(message.ReplaceLineEndings(" "));
        if (logEntry.Exception is { } exception)
        {
            textWriter.Write(' ');
            textWriter.Write(redactor.Redact(hidden.Replace(exception.ToString())).ReplaceLineEndings(" "));
        }

        textWriter.WriteLine();
    }
}

using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Platform.ServiceDefaults.Redaction;

namespace Platform.ServiceDefaults.Logging;

/// <summary>One line while it is made: a writer and its buffer, kept by the thread for its next line.</summary>
internal sealed class LogLine
{
    private const int MessageChars = 8 * 1024;
    private const int TemplateChars = 2 * 1024;
    private const int ExceptionChars = 16 * 1024;

    private const int HeaderChars = 200;

    // Room for what closes a line: two brackets, "truncated":true, the line feed.
    private const int ClosingBytes = 64;

    [ThreadStatic]
    private static LogLine? _kept;

    private static readonly JsonEncodedText[] Levels =
        [.. Enum.GetNames<LogLevel>().Select(name => JsonEncodedText.Encode(name))];

    private readonly ArrayBufferWriter<byte> _buffer = new(1024);
    private readonly LogFields _fields = new();
    private readonly HiddenValues _hidden = new();
    private readonly BoundedJson _json;

    // One more than is written, so that a text that was cut is known to be.
    private readonly char[] _message = new char[MessageChars + 1];

    private LogLine() =>
        _json = new BoundedJson(new Utf8JsonWriter(
            _buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true }));

    public ReadOnlySpan<byte> Bytes => _buffer.WrittenSpan;

    /// <summary>Encodes a name that stands in every line once, cut so that it can never fill one.</summary>
    public static JsonEncodedText Encode(string name) => JsonEncodedText.Encode(
        name.Length <= HeaderChars ? name : name[..HeaderChars], JavaScriptEncoder.UnsafeRelaxedJsonEscaping);

    /// <summary>Takes the thread's line; a new one when a value being written logs something itself.</summary>
    public static LogLine Rent()
    {
        var line = _kept ?? new LogLine();
        _kept = null;
        return line;
    }

    public static void Return(LogLine line)
    {
        line._fields.Clear();
        _kept = line;
    }

    public void Write<TState>(
        JsonLoggerProvider provider,
        JsonEncodedText category,
        LogLevel level,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        _buffer.ResetWrittenCount();
        _fields.Clear();
        var limit = provider.MaxLineBytes - ClosingBytes;
        _hidden.Clear();
        _json.Redactor = provider.Redactor;
        _json.Start(limit);
        _json.Writer.WriteString(Names.Timestamp, provider.Time.GetUtcNow().UtcDateTime);
        _json.Writer.WriteString(Names.Level, Levels[(int)level]);
        _json.Writer.WriteString(Names.Category, category);
        _json.Writer.WriteString(Names.Service, provider.Service);
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity)
        {
            _json.Writer.WriteString(Names.TraceId, activity.TraceId.ToHexString());
            _json.Writer.WriteString(Names.SpanId, activity.SpanId.ToHexString());
        }

        // A quarter of the line is kept for the exception: many or large fields must not push it out.
        _json.Limit = exception is null ? limit : limit * 3 / 4;
        WriteEvent(eventId);
        var template = _fields.AddState(state);
        _fields.Redact(_json.Redactor, _hidden);
        WriteMessage(state, exception, formatter, template);
        if (template is not null)
        {
            WriteConstant(Names.Template, template, TemplateChars);
        }

        _fields.Write(_json, Names.State);
        _fields.Clear();
        provider.Scopes?.ForEachScope(static (scope, fields) => fields.AddScope(scope), _fields);
        _fields.Redact(_json.Redactor, _hidden);
        _fields.Write(_json, Names.Scope);

        _json.Limit = limit;
        if (exception is not null)
        {
            WriteException(exception);
        }

        _json.End();
        _buffer.Write("\n"u8);
    }

    /// <summary>Writes that a line came so many times more.</summary>
    public void WriteRepeated(JsonLoggerProvider provider, JsonEncodedText category, LogLevel level, string? template, long more)
    {
        _buffer.ResetWrittenCount();
        _json.Start(provider.MaxLineBytes - ClosingBytes);
        _json.Writer.WriteString(Names.Timestamp, provider.Time.GetUtcNow().UtcDateTime);
        _json.Writer.WriteString(Names.Level, Levels[(int)level]);
        _json.Writer.WriteString(Names.Category, category);
        _json.Writer.WriteString(Names.Service, provider.Service);
        _json.WriteText(Names.Message, string.Create(CultureInfo.InvariantCulture, $"{more} more like this: {template}"), MessageChars);
        _json.WriteText(Names.Template, template, TemplateChars);
        _json.Writer.WriteStartObject(Names.State);
        _json.Writer.WriteNumber(Names.Repeated, more);
        _json.Writer.WriteEndObject();
        _json.End();
        _buffer.Write("\n"u8);
    }

    private void WriteMessage<TState>(TState state, Exception? exception, Func<TState, Exception?, string> formatter, string? template)
    {
        try
        {
            // What is filled in are the values as they came.
            if (_hidden.IsEmpty && _fields.TryFill<TState>(template, _message, out var length))
            {
                if (_fields.IsClean(template, _json.Redactor))
                {
                    _json.WriteClean(Names.Message, _message.AsSpan(0, length), MessageChars);
                }
                else
                {
                    _json.WriteText(Names.Message, _message.AsSpan(0, length), MessageChars);
                }

                return;
            }
        }
#pragma warning disable CA1031 // A value's ToString threw: below it does so again, where that is said.
        catch (Exception)
#pragma warning restore CA1031
        {
        }

        _json.WriteText(Names.Message, _hidden.Replace(Format(state, exception, formatter, template)), MessageChars);
    }

    private static string Format<TState>(TState state, Exception? exception, Func<TState, Exception?, string> formatter, string? template)
    {
        try
        {
            return formatter(state, exception) ?? string.Empty;
        }
#pragma warning disable CA1031 // A value's ToString threw: the line goes out with what is known.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return $"{template} (the message could not be formatted: {failure.GetType().Name})";
        }
    }

    private void WriteEvent(EventId eventId)
    {
        if (eventId.Id == 0 && eventId.Name is null)
        {
            return;
        }

        _json.Writer.WriteStartObject(Names.Event);
        _json.Writer.WriteNumber(Names.Id, eventId.Id);
        if (eventId.Name is not null)
        {
            WriteConstant(Names.Name, eventId.Name, LogFields.NameChars);
        }

        _json.Writer.WriteEndObject();
    }

    private void WriteConstant(JsonEncodedText name, string text, int maxChars)
    {
        if (MessageTemplate.Of(text) is { } known && known.IsClean(_json.Redactor))
        {
            _json.WriteClean(name, text, maxChars);
        }
        else
        {
            _json.WriteText(name, text, maxChars);
        }
    }

    private void WriteException(Exception exception)
    {
        _json.Writer.WriteStartObject(Names.Exception);
        _json.WriteText(Names.Type, exception.GetType().FullName ?? exception.GetType().Name, LogFields.NameChars * 2);
        _json.WriteText(Names.Message, _hidden.Replace(LogValue.Text(exception, static e => e.Message)), LogFields.ValueChars);
        _json.WriteText(Names.StackTrace, _hidden.Replace(LogValue.Text(exception, static e => e.ToString())), ExceptionChars);
        _json.Writer.WriteEndObject();
    }

    private static class Names
    {
        public static readonly JsonEncodedText Timestamp = JsonEncodedText.Encode("timestamp");
        public static readonly JsonEncodedText Level = JsonEncodedText.Encode("level");
        public static readonly JsonEncodedText Category = JsonEncodedText.Encode("category");
        public static readonly JsonEncodedText Message = JsonEncodedText.Encode("message");
        public static readonly JsonEncodedText Template = JsonEncodedText.Encode("template");
        public static readonly JsonEncodedText TraceId = JsonEncodedText.Encode("trace_id");
        public static readonly JsonEncodedText SpanId = JsonEncodedText.Encode("span_id");
        public static readonly JsonEncodedText Service = JsonEncodedText.Encode("service");
        public static readonly JsonEncodedText Event = JsonEncodedText.Encode("event");
        public static readonly JsonEncodedText Id = JsonEncodedText.Encode("id");
        public static readonly JsonEncodedText Name = JsonEncodedText.Encode("name");
        public static readonly JsonEncodedText State = JsonEncodedText.Encode("state");
        public static readonly JsonEncodedText Scope = JsonEncodedText.Encode("scope");
        public static readonly JsonEncodedText Repeated = JsonEncodedText.Encode("repeated");
        public static readonly JsonEncodedText Exception = JsonEncodedText.Encode("exception");
        public static readonly JsonEncodedText Type = JsonEncodedText.Encode("type");
        public static readonly JsonEncodedText StackTrace = JsonEncodedText.Encode("stacktrace");
    }
}

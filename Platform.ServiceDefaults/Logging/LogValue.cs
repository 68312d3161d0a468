using System.Collections;
using System.Globalization;
using Platform.ServiceDefaults.Redaction;

namespace Platform.ServiceDefaults.Logging;

/// <summary>Writes a value of any type, whatever its <c>ToString</c> does.</summary>
internal static class LogValue
{
    private const int MaxElements = 32;
    private const int FormattedChars = 128;

    // The longest that a number or a bool takes, in characters of one byte; asked of the room before they are written.
    private const int ScalarChars = 8;

    /// <summary>Writes a value under its name. A text was redacted before, by that name.</summary>
    public static void Write(BoundedJson json, string name, object? value)
    {
        if (!json.Fits(name.Length * 6, ScalarChars))
        {
            return;
        }

        json.Writer.WritePropertyName(name);
        if (value is string text)
        {
            json.Writer.WriteStringValue(json.Cut(text, LogFields.ValueChars, 0));
            return;
        }

        if (value is long or ulong && WriteNumber(json, name, value))
        {
            return;
        }

        WriteValue(json, value, nested: false);
    }

    /// <summary>Reads a text of a value that may throw.</summary>
    public static string Text<T>(T value, Func<T, string?> read)
        where T : notnull
    {
        try
        {
            return read(value) ?? string.Empty;
        }
#pragma warning disable CA1031 // Its own text is all that is lost.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return $"({value.GetType().Name} threw {failure.GetType().Name})";
        }
    }

    private static void WriteValue(BoundedJson json, object? value, bool nested)
    {
        switch (value)
        {
            case null: json.Writer.WriteNullValue(); break;
            case string text: WriteText(json, text); break;
            case bool flag: json.Writer.WriteBooleanValue(flag); break;
            case int number: json.Writer.WriteNumberValue(number); break;
            case long number: json.Writer.WriteNumberValue(number); break;
            case uint number: json.Writer.WriteNumberValue(number); break;
            case ulong number: json.Writer.WriteNumberValue(number); break;
            case short number: json.Writer.WriteNumberValue(number); break;
            case ushort number: json.Writer.WriteNumberValue(number); break;
            case byte number: json.Writer.WriteNumberValue(number); break;
            case sbyte number: json.Writer.WriteNumberValue(number); break;
            case decimal number: json.Writer.WriteNumberValue(number); break;
            case double number when double.IsFinite(number): json.Writer.WriteNumberValue(number); break;
            case float number when float.IsFinite(number): json.Writer.WriteNumberValue(number); break;
            case Guid id: json.Writer.WriteStringValue(id); break;
            case DateTimeOffset instant: json.Writer.WriteStringValue(instant); break;
            case DateTime instant: json.Writer.WriteStringValue(instant); break;
            case ICollection collection when !nested: WriteElements(json, collection); break;
            case ISpanFormattable formattable: WriteFormatted(json, formattable); break;
            default: WriteText(json, Text(value, static v => v.ToString())); break;
        }
    }

    // A number may be one of a person, if its name says so.
    private static bool WriteNumber(BoundedJson json, string name, object value)
    {
        if (!SafeAttributes.TryRedact(new(name, value), json.Redactor, out var redacted))
        {
            return false;
        }

        json.Writer.WriteStringValue((string)redacted!);
        return true;
    }

    private static void WriteText(BoundedJson json, ReadOnlySpan<char> text) =>
        json.Writer.WriteStringValue(json.Safe(text, LogFields.ValueChars, 0));

    private static void WriteFormatted(BoundedJson json, ISpanFormattable value)
    {
        Span<char> buffer = stackalloc char[FormattedChars];
        try
        {
            if (value.TryFormat(buffer, out var length, default, CultureInfo.InvariantCulture))
            {
                WriteText(json, buffer[..length]);
                return;
            }
        }
#pragma warning disable CA1031 // Falls through to the guarded way.
        catch (Exception)
#pragma warning restore CA1031
        {
        }

        WriteText(json, Text(value, static v => v.ToString(null, CultureInfo.InvariantCulture)));
    }

    // Only what is in memory already is walked: a lazy sequence could run a query, or never end.
    private static void WriteElements(BoundedJson json, ICollection collection)
    {
        json.Writer.WriteStartArray();
        try
        {
            var left = MaxElements;
            foreach (var element in collection)
            {
                if (left-- == 0)
                {
                    json.MarkTruncated();
                    break;
                }

                if (!json.Fits(0, ScalarChars))
                {
                    break;
                }

                WriteValue(json, element, nested: true);
            }
        }
        catch (InvalidOperationException)
        {
            // It was changed while it was read.
            json.MarkTruncated();
        }

        json.Writer.WriteEndArray();
    }
}

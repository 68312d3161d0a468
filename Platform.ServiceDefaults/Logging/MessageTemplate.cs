using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;
using Platform.Redaction;

namespace Platform.ServiceDefaults.Logging;

/// <summary>
/// A message template, taken apart once, that is filled into a buffer rather than into a new string for each line. The text is that of
/// <c>Microsoft.Extensions.Logging</c>.
/// </summary>
internal sealed class MessageTemplate
{
    private const int MaxKnown = 4_096;
    private const string Null = "(null)";
    private const string Sample = "01900000-abcd-7000-8abc-0123456789ab";

    private static readonly ConcurrentDictionary<string, MessageTemplate?> Known = new(ReferenceEqualityComparer.Instance as IEqualityComparer<string>);

    private readonly string _template;
    private readonly Part[] _parts;
    private Redactor? _cleanFor;
    private Redactor? _cleanWithIdsFor;

    private MessageTemplate(string template, Part[] parts) => (_template, _parts) = (template, parts);

    /// <summary>The template, or <see langword="null"/> where it has something that this does not do, as alignment.</summary>
    public static MessageTemplate? Of(string template)
    {
        if (Known.TryGetValue(template, out var known))
        {
            return known;
        }

        var parsed = Parse(template);

        // Templates are constants of programs; text that was made at run time must not fill the memory.
        return Known.Count < MaxKnown && string.IsInterned(template) is not null ? Known.GetOrAdd(template, parsed) : parsed;
    }

    /// <summary>Whether a redactor finds nothing in the template itself. It is searched once, as it is a constant.</summary>
    public bool IsClean(Redactor redactor)
    {
        if (ReferenceEquals(Volatile.Read(ref _cleanFor), redactor))
        {
            return true;
        }

        if (!ReferenceEquals(redactor.Redact(_template), _template))
        {
            return false;
        }

        Volatile.Write(ref _cleanFor, redactor);
        return true;
    }

    /// <summary>
    /// Whether a redactor finds nothing in the message, told without a search: all values are ids or truth values, which hold nothing of a person, and the
    /// template says nothing that would make a secret of an id.
    /// </summary>
    public bool IsCleanWith(List<KeyValuePair<string, object?>> values, Redactor redactor)
    {
        foreach (var value in values)
        {
            if (value.Value is not (Guid or bool))
            {
                return false;
            }
        }

        if (ReferenceEquals(Volatile.Read(ref _cleanWithIdsFor), redactor))
        {
            return true;
        }

        var message = string.Concat(_parts.Select(part => part.Name is null ? part.Text : Sample));
        if (!ReferenceEquals(redactor.Redact(message), message))
        {
            return false;
        }

        Volatile.Write(ref _cleanWithIdsFor, redactor);
        return true;
    }

    /// <summary>Fills in values.</summary>
    /// <param name="values">In the order of the call.</param>
    /// <param name="target">Where to; what does not fit is left out.</param>
    /// <param name="length">How much was written.</param>
    /// <returns>Whether it could be done.</returns>
    public bool TryFill(List<KeyValuePair<string, object?>> values, Span<char> target, out int length)
    {
        length = 0;
        var hole = 0;
        foreach (var part in _parts)
        {
            if (part.Name is null)
            {
                length += Copy(part.Text, target[length..]);
                continue;
            }

            // By position, as messages are; by name where the call has them in another order.
            var value = hole < values.Count && Same(values[hole].Key, part.Name) ? hole : Find(values, part.Name);
            hole++;
            if (value < 0 || !TryWrite(values[value].Value, part.Text, target[length..], out var written))
            {
                return false;
            }

            length += written;
        }

        return true;
    }

    private static int Find(List<KeyValuePair<string, object?>> values, string name)
    {
        for (var i = 0; i < values.Count; i++)
        {
            if (Same(values[i].Key, name))
            {
                return i;
            }
        }

        return -1;
    }

    private static bool Same(string? key, string name) => string.Equals(key, name, StringComparison.OrdinalIgnoreCase);

    private static int Copy(ReadOnlySpan<char> text, Span<char> target)
    {
        text = text[..Math.Min(text.Length, target.Length)];
        text.CopyTo(target);
        return text.Length;
    }

    private static bool TryWrite(object? value, string format, Span<char> target, out int written)
    {
        switch (value)
        {
            case null:
                written = Copy(Null, target);
                return true;
            case string text:
                written = Copy(text, target);
                return true;
            case ISpanFormattable formattable:
                return formattable.TryFormat(target, out written, format, CultureInfo.InvariantCulture);
            case IEnumerable:
                written = 0;
                return false;
            default:
                written = Copy((value is IFormattable other ? other.ToString(format, CultureInfo.InvariantCulture) : value.ToString()) ?? string.Empty, target);
                return true;
        }
    }

    private static MessageTemplate? Parse(string template)
    {
        var parts = new List<Part>();
        var text = new System.Text.StringBuilder();
        for (var i = 0; i < template.Length; i++)
        {
            var c = template[i];
            if (c is '{' or '}' && i + 1 < template.Length && template[i + 1] == c)
            {
                text.Append(c);
                i++;
            }
            else if (c is '{')
            {
                var end = template.IndexOf('}', i);
                var inside = end < 0 ? [] : template.AsSpan(i + 1, end - i - 1);
                if (inside.IsEmpty || inside.ContainsAny('{', ','))
                {
                    return null;
                }

                parts.Add(new(null, text.ToString()));
                text.Clear();
                var colon = inside.IndexOf(':');
                parts.Add(new((colon < 0 ? inside : inside[..colon]).ToString(), colon < 0 ? string.Empty : inside[(colon + 1)..].ToString()));
                i = end;
            }
            else if (c is '}')
            {
                return null;
            }
            else
            {
                text.Append(c);
            }
        }

        parts.Add(new(null, text.ToString()));
        return new(template, [.. parts.Where(part => part.Name is not null || part.Text.Length > 0)]);
    }

    /// <summary>A piece of text, or a hole with its format.</summary>
    private readonly record struct Part(string? Name, string Text);
}

using System.Text.Json;
using Platform.Redaction;
using Platform.ServiceDefaults.Redaction;

namespace Platform.ServiceDefaults.Logging;

/// <summary>The named values of a log call or of its scopes; of two with one name the last (the innermost) counts.</summary>
internal sealed class LogFields
{
    public const int NameChars = 128;
    public const int ValueChars = 4 * 1024;
    private const int MaxFields = 64;
    private const string TemplateName = "{OriginalFormat}";

    private readonly List<KeyValuePair<string, object?>> _fields = new(16);
    private readonly List<KeyValuePair<string, object?>> _values = new(16);
    private bool _overflow;

    /// <summary>The message template of a log call, if it has one.</summary>
    public static string? Template<TState>(TState state)
    {
        var list = StateList<TState>.Instance;
        for (var i = list.Count(state) - 1; i >= 0; i--)
        {
            if (list.At(state, i) is { Key: TemplateName, Value: string template })
            {
                return template;
            }
        }

        return null;
    }

    /// <summary>Adds the values of a log call.</summary>
    /// <returns>The message template, if the call has one.</returns>
    public string? AddState<TState>(TState state)
    {
        string? template = null;
        var list = StateList<TState>.Instance;
        var count = list.Count(state);
        for (var i = 0; i < count; i++)
        {
            // Once: each reading of a number makes an object of it.
            var field = list.At(state, i);
            if (field.Key is TemplateName)
            {
                template = field.Value as string;
            }
            else
            {
                _values.Add(field);
                Add(field);
            }
        }

        return template;
    }

    /// <summary>Writes the message of a log call whose values were added.</summary>
    /// <returns>Whether it could be done without asking the state.</returns>
    public bool TryFill<TState>(string? template, Span<char> target, out int length)
    {
        length = 0;
        if (template is null || !StateList<TState>.Instance.IsTemplated)
        {
            return false;
        }

        // Without values the text is taken as it stands, or not, as the kind of call has it: with braces that makes a difference.
        return (_values.Count > 0 || !template.AsSpan().ContainsAny('{', '}')) && MessageTemplate.Of(template) is { } known && known.TryFill(_values, target, out length);
    }

    /// <summary>Whether the message of a log call whose values were added holds nothing to redact, where that can be told without a search.</summary>
    public bool IsClean(string? template, Redactor redactor) =>
        template is not null && MessageTemplate.Of(template) is { } known && known.IsCleanWith(_values, redactor);

    /// <summary>Adds what a scope says: its named values, or the scope itself as <c>scope</c>.</summary>
    public void AddScope(object? scope)
    {
        switch (scope)
        {
            case IReadOnlyList<KeyValuePair<string, object?>> list:
                for (var i = 0; i < list.Count; i++)
                {
                    AddScopeField(list[i]);
                }

                break;
            case IEnumerable<KeyValuePair<string, object?>> fields:
                foreach (var field in fields)
                {
                    AddScopeField(field);
                }

                break;
            case not null:
                Add(new("scope", scope));
                break;
        }
    }

    /// <summary>Redacts the texts among the values by their names.</summary>
    public void Redact(Redactor redactor, HiddenValues hidden)
    {
        for (var i = 0; i < _fields.Count; i++)
        {
            var field = _fields[i];
            if (IsSearched(field.Value) && SafeAttributes.TryRedact(Bounded(field), redactor, out var redacted))
            {
                _fields[i] = new(field.Key, redacted);
                hidden.Add(field.Value, redacted as string);
            }
        }
    }

    /// <summary>Writes the values, after <see cref="Redact"/>.</summary>
    public void Write(BoundedJson json, JsonEncodedText name)
    {
        if (_overflow)
        {
            json.MarkTruncated();
        }

        if (_fields.Count == 0 || !json.Fits(name.EncodedUtf8Bytes.Length, NameChars))
        {
            return;
        }

        json.Writer.WriteStartObject(name);
        foreach (var field in _fields)
        {
            LogValue.Write(json, field.Key.Length <= NameChars ? field.Key : field.Key[..NameChars], field.Value);
        }

        json.Writer.WriteEndObject();
    }

    public void Clear()
    {
        _fields.Clear();
        _values.Clear();
        _overflow = false;
    }

    // Whatever else there is becomes a text once, when it is written, and is searched then.
    private static bool IsSearched(object? value) =>
        value is string || (value is not (null or ValueType or System.Collections.ICollection) && PersonalModel.Of(value.GetType()).Count > 0);

    // More of a text is not written.
    private static KeyValuePair<string, object?> Bounded(KeyValuePair<string, object?> field) =>
        field.Value is string { Length: > 2 * ValueChars } text ? new(field.Key, text[..(2 * ValueChars)]) : field;

    // A scope that was begun with a template has the template among its values.
    private void AddScopeField(KeyValuePair<string, object?> field)
    {
        if (field.Key is not TemplateName)
        {
            Add(field);
        }
    }

    private void Add(KeyValuePair<string, object?> field)
    {
        var named = field.Key is null ? new KeyValuePair<string, object?>("null", field.Value) : field;
        for (var i = 0; i < _fields.Count; i++)
        {
            if (string.Equals(_fields[i].Key, named.Key, StringComparison.Ordinal))
            {
                _fields[i] = named;
                return;
            }
        }

        if (_fields.Count == MaxFields)
        {
            _overflow = true;
            return;
        }

        _fields.Add(named);
    }
}

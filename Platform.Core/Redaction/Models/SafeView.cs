using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Platform.Redaction;

/// <summary>What may be shown of a model: its members by name, in their order, personal data redacted. Serializes as a JSON object.</summary>
#pragma warning disable CA1710 // It is a dictionary so that it serializes as an object; what it is, is a view.
public sealed class SafeView : IReadOnlyDictionary<string, object?>
#pragma warning restore CA1710
{
    private readonly string _name;
    private readonly List<KeyValuePair<string, object?>> _members;

    internal SafeView(string name, List<KeyValuePair<string, object?>> members) => (_name, _members) = (name, members);

    /// <inheritdoc/>
    public int Count => _members.Count;

    /// <inheritdoc/>
    public IEnumerable<string> Keys => _members.Select(member => member.Key);

    /// <inheritdoc/>
    public IEnumerable<object?> Values => _members.Select(member => member.Value);

    /// <inheritdoc/>
    public object? this[string key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException($"There is no member {key}.");

    /// <inheritdoc/>
    public bool ContainsKey(string key) => TryGetValue(key, out _);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out object? value)
    {
        foreach (var member in _members)
        {
            if (string.Equals(member.Key, key, StringComparison.Ordinal))
            {
                value = member.Value;
                return true;
            }
        }

        value = null;
        return false;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => _members.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>In the form of a record: <c>Customer { Name = J*** D***, Email = j***@e***.com }</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(_name);
        text.Append(" {");
        var sign = ' ';
        foreach (var (name, value) in _members)
        {
            text.Append(sign).Append(sign == ',' ? " " : "").Append(name).Append(" = ");
            Write(text, value);
            sign = ',';
        }

        return text.Append(" }").ToString();
    }

    private static void Write(StringBuilder text, object? value)
    {
        if (value is not IReadOnlyList<object?> list)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{value}");
            return;
        }

        text.Append('[');
        for (var i = 0; i < list.Count; i++)
        {
            text.Append(i == 0 ? "" : ", ");
            Write(text, list[i]);
        }

        text.Append(']');
    }
}

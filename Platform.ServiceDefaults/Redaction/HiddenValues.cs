using System.Globalization;

namespace Platform.ServiceDefaults.Redaction;

/// <summary>
/// Values of a log call that were redacted for what their names say, so that they are taken out of its message and exception too, where nothing
/// says it: of <c>Customer {CustomerName} registered</c> the name.
/// </summary>
internal sealed class HiddenValues
{
    // A shorter text would be found by chance.
    private const int LeastLength = 3;

    private List<(string Value, string Redacted)>? _values;

    public bool IsEmpty => _values is not { Count: > 0 };

    public void Add(object? value, string? redacted)
    {
        if (redacted is not null && Convert.ToString(value, CultureInfo.InvariantCulture) is { Length: >= LeastLength } text && text != redacted)
        {
            (_values ??= []).Add((text, redacted));
        }
    }

    public string Replace(string text)
    {
        if (_values is { Count: > 0 })
        {
            foreach (var (value, redacted) in _values)
            {
                text = text.Replace(value, redacted, StringComparison.Ordinal);
            }
        }

        return text;
    }

    public void Clear() => _values?.Clear();
}

using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;

namespace Platform.Redaction;

/// <summary>Makes safe views of models.</summary>
public static class SafeViews
{
    private const int MostDepth = 4;
    private const int MostElements = 32;

    // What stands where a value is too deep, too many, or cannot be read.
    private const string LeftOut = "…";

    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Properties = [];

    /// <summary>
    /// Shows a model without its personal data: what is declared (<see cref="PersonalAttribute"/>) is redacted as its type, other texts are searched.
    /// Goes four models deep and shows the first 32 elements of a list.
    /// </summary>
    /// <param name="model">Any object.</param>
    /// <param name="redactor">For whom; by default <see cref="Redactor.Default"/>.</param>
    /// <returns>The view; a record's <c>ToString</c> is <c>this.ToSafe().ToString()</c>.</returns>
    public static SafeView ToSafe<T>(this T model, Redactor? redactor = null)
        where T : notnull => View(model, redactor ?? Redactor.Default, 0);

    private static SafeView View(object model, Redactor redactor, int depth)
    {
        var type = model.GetType();
        var members = new List<KeyValuePair<string, object?>>();
        foreach (var property in Properties.GetOrAdd(type, Readable))
        {
            object? value;
            try
            {
                value = property.GetValue(model);
            }
            catch (TargetInvocationException)
            {
                value = LeftOut;
            }

            members.Add(new(property.Name, PersonalModel.TryGet(type, property.Name, out var kind)
                ? Declared(kind, value, redactor)
                : Plain(property.Name, value, redactor, depth + 1)));
        }

        return new SafeView(Name(type), members);
    }

    private static object? Declared(PiiType kind, object? value, Redactor redactor) => value switch
    {
        null => null,
        string text => redactor.RedactValue(kind, text),
        IEnumerable many => many.Cast<object?>().Take(MostElements).Select(item => Declared(kind, item, redactor)).ToList(),
        IFormattable formattable => redactor.RedactValue(kind, formattable.ToString(null, System.Globalization.CultureInfo.InvariantCulture)),
        _ => redactor.RedactValue(kind, value.ToString() ?? ""),
    };

    private static object? Plain(string name, object? value, Redactor redactor, int depth)
    {
        switch (value)
        {
            case null or bool or char or Guid or DateTime or DateTimeOffset or DateOnly or TimeOnly or TimeSpan or Enum:
                return value;
            case string text:
                return redactor.Redact(text, name);
            case IConvertible number:
                return number;
            case IEnumerable when depth > MostDepth:
                return LeftOut;
            case IDictionary entries:
                return new SafeView("", [.. entries.Cast<DictionaryEntry>().Take(MostElements).Select(entry => Entry($"{entry.Key}", entry.Value, redactor, depth))]);
            case IEnumerable many:
                return many.Cast<object?>().Take(MostElements).Select(item => Plain(name, item, redactor, depth + 1)).ToList();
        }

        var type = value.GetType();
        return IsModel(type) ? (depth > MostDepth ? LeftOut : View(value, redactor, depth)) : redactor.Redact(value.ToString() ?? "", name);
    }

    private static KeyValuePair<string, object?> Entry(string key, object? value, Redactor redactor, int depth) =>
        new(redactor.Redact(key), Plain(key, value, redactor, depth + 1));

    // Values, and types of the framework and of libraries, say what they are; models are those with members of one's own.
    private static bool IsModel(Type type) =>
        PersonalModel.Of(type).Count > 0
        || !(type.IsValueType || type.Namespace is null or "System"
            || type.Namespace.StartsWith("System.", StringComparison.Ordinal) || type.Namespace.StartsWith("Microsoft.", StringComparison.Ordinal));

    private static PropertyInfo[] Readable(Type type) =>
        [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanRead && property.GetIndexParameters().Length == 0)];

    private static string Name(Type type) => type.Name.IndexOf('`', StringComparison.Ordinal) is > 0 and var tick ? type.Name[..tick] : type.Name;
}

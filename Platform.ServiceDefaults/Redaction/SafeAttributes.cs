using System.Collections.Frozen;
using System.Globalization;
using Platform.Redaction;
using Platform.Telemetry;

namespace Platform.ServiceDefaults.Redaction;

/// <summary>Redacts an attribute of a span or log record.</summary>
internal static class SafeAttributes
{
    // A number of fewer digits is of no type that is found.
    private const long LeastNumber = 1_000_000;

    // OpenTelemetry semantic conventions: values of the service itself and of closed sets, whose names speak of addresses.
    private static readonly FrozenSet<string> OfTheService = FrozenSet.ToFrozenSet(
        [
            "server.address", "server.port", "network.protocol.name", "network.protocol.version", "network.transport", "network.type", "http.request.method",
            "http.route", "url.scheme", "db.system", "db.system.name", "db.name", "db.namespace", "db.operation.name", "code.function", "code.namespace",
            "messaging.system", "messaging.operation", "messaging.message.id", "error.type", "thread.name",
        ],
        StringComparer.Ordinal);

    // The path of a request stands in its span and in each of its lines: it is searched once where they come after one another.
    private const string PathOfSpan = "url.path";

    [ThreadStatic]
    private static string? _cleanPath;

    [ThreadStatic]
    private static Redactor? _cleanPathFor;

    /// <summary>Under which log lines show the path of a request.</summary>
    public const string PathOfLine = "RequestPath";

    /// <summary>Redacts a value.</summary>
    /// <returns>Whether it was changed.</returns>
    public static bool TryRedact(in KeyValuePair<string, object?> attribute, Redactor redactor, out object? redacted)
    {
        redacted = null;
        if (attribute.Value is null or bool || OfTheService.Contains(attribute.Key))
        {
            return false;
        }

        switch (attribute.Value)
        {
            case string text when attribute.Key is PathOfSpan or PathOfLine:
                return ChangesPath(text, redactor, out redacted);
            case string text when attribute.Key is Correlation.TagName && Guid.TryParseExact(text, "D", out _):
                return false;
            case string text:
                return Changes(text, attribute.Key, redactor, out redacted);
            case int or short or byte or double or float or Enum or Guid or DateTime or DateTimeOffset or TimeSpan:
                return false;
            case long number:
                return Math.Abs(number) >= LeastNumber && Changes(number.ToString(CultureInfo.InvariantCulture), attribute.Key, redactor, out redacted);
            case string[] many:
                return Changes(many, attribute.Key, redactor, out redacted);
            case Array:
                return false;
            default:
                // What an exporter would make of it.
                var safe = PersonalModel.Of(attribute.Value.GetType()).Count > 0 ? attribute.Value.ToSafe(redactor).ToString() : Text(attribute.Value);
                return Changes(safe, attribute.Key, redactor, out redacted) || Differs(safe, attribute.Value, out redacted);
        }
    }

    private static bool Changes(string text, string key, Redactor redactor, out object? redacted)
    {
        var safe = redactor.Redact(text, key);
        redacted = safe;
        return !ReferenceEquals(safe, text);
    }

    private static bool ChangesPath(string path, Redactor redactor, out object? redacted)
    {
        redacted = null;
        if (ReferenceEquals(path, _cleanPath) && ReferenceEquals(redactor, _cleanPathFor))
        {
            return false;
        }

        if (Changes(path, PathOfSpan, redactor, out redacted))
        {
            return true;
        }

        (_cleanPath, _cleanPathFor) = (path, redactor);
        return false;
    }

    // Apart, so that no other value pays for what the lambda takes along.
    private static bool Changes(string[] many, string key, Redactor redactor, out object? redacted)
    {
        var texts = Array.ConvertAll(many, text => text is null ? null! : redactor.Redact(text, key));
        redacted = texts;
        return !many.AsSpan().SequenceEqual(texts);
    }

    private static bool Differs(string safe, object value, out object? redacted)
    {
        redacted = safe;
        return !string.Equals(safe, Text(value), StringComparison.Ordinal);
    }

    private static string Text(object value)
    {
        try
        {
            return Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        }
#pragma warning disable CA1031 // Its own text is all that is lost.
        catch (Exception)
#pragma warning restore CA1031
        {
            return "";
        }
    }
}

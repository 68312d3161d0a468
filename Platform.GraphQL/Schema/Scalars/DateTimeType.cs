using System.Globalization;
using GraphQL.Types;
using Platform.GraphQL.Errors;

namespace Platform.GraphQL.Schema.Scalars;

/// <summary>A moment in RFC 3339's form; given in UTC, taken with any offset.</summary>
internal sealed class DateTimeType : ScalarGraphType
{
    // An offset is required (RFC 3339, section 5.6).
    private static readonly string[] WithOffset = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'"];

    private const string Utc = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'";

    public DateTimeType()
    {
        Name = "DateTime";
        Description = "A moment as RFC 3339 writes it, such as 2026-01-31T08:00:00Z. The service gives it in UTC.";
    }

    public override object? ParseValue(object? value) => value switch
    {
        DateTimeOffset moment => moment,
        string text when TryParse(text, out var moment) => moment,
        null => null,
        _ => throw new ScalarFormatException("A DateTime looks like 2026-01-31T08:00:00Z."),
    };

    public override object? Serialize(object? value) => value switch
    {
        DateTimeOffset moment => moment.UtcDateTime.ToString(Utc, CultureInfo.InvariantCulture),
        null => null,
        _ => ThrowSerializationError(value),
    };

    private static bool TryParse(string text, out DateTimeOffset moment) =>
        DateTimeOffset.TryParseExact(text, WithOffset, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out moment);
}

using System.Globalization;

namespace Platform.Conditional;

/// <summary>Which version of a row is meant.</summary>
/// <param name="Number">Changes with each update of the row (PostgreSQL's <c>xmin</c>).</param>
/// <param name="ChangedAt">When it was updated last. Beside the number it keeps a database that was restored from repeating itself.</param>
public readonly record struct RowVersion(uint Number, DateTimeOffset ChangedAt)
{
    /// <summary>Behind a stamp: what is shown is redacted for its reader.</summary>
    public const string RedactedMark = "r";

    /// <summary>The strong entity tag of what is shown of the row.</summary>
    /// <param name="stamp">Tells apart forms of showing it, such as those of two releases; letters and digits.</param>
    public string ToTag(string stamp) => string.Create(
        CultureInfo.InvariantCulture, $"\"{Number:x}-{ChangedAt.UtcTicks / TimeSpan.TicksPerMicrosecond:x}-{stamp}\"");
}

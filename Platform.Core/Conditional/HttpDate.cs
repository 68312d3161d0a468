using System.Globalization;

namespace Platform.Conditional;

/// <summary>Reads and writes HTTP dates (RFC 9110, section 5.6.7): whole seconds, in UTC. Thread safe.</summary>
public static class HttpDate
{
    private const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
    private const string Preferred = "ddd, dd MMM yyyy HH:mm:ss 'GMT'";

    // What old senders may use, and every recipient has to read.
    private static readonly string[] Obsolete = ["dddd, dd-MMM-yy HH:mm:ss 'GMT'", "ddd MMM d HH:mm:ss yyyy", "ddd MMM  d HH:mm:ss yyyy"];

    /// <summary>Reads one date in any of the three forms; false when it is none.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out DateTimeOffset date) =>
        DateTimeOffset.TryParseExact(text, Preferred, CultureInfo.InvariantCulture, Utc, out date)
        || DateTimeOffset.TryParseExact(text, Obsolete, CultureInfo.InvariantCulture, Utc, out date);

    /// <summary>Writes the form that is sent: <c>Sun, 06 Nov 1994 08:49:37 GMT</c>.</summary>
    public static string ToText(DateTimeOffset date) => date.ToString("r", CultureInfo.InvariantCulture);

    /// <summary>
    /// The second in which or after which something changed: a change within a second is told as the next one, so that whoever was given that date
    /// has surely seen the change.
    /// </summary>
    public static DateTimeOffset RoundUp(DateTimeOffset time)
    {
        var rest = time.Ticks % TimeSpan.TicksPerSecond;
        return rest == 0 ? time : time.AddTicks(TimeSpan.TicksPerSecond - rest);
    }
}

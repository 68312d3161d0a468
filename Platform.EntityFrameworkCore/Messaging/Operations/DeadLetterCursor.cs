using System.Globalization;
using Platform.Errors;

namespace Platform.EntityFrameworkCore.Messaging.Operations;

/// <summary>Where a page of dead letters ended: microseconds since the epoch, and the event's id.</summary>
internal sealed record DeadLetterCursor(DateTimeOffset ParkedAt, Guid EventId)
{
    public static DeadLetterCursor? Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        var parts = text.Split('-', 2);
        return parts.Length == 2
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds)
            && microseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() * 1000
            && Guid.TryParseExact(parts[1], "N", out var id)
                ? new DeadLetterCursor(DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond), id)
                : throw ErrorException.Validation(new FieldError("/after", "invalid", "This is no cursor of the list of dead letters."));
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{(ParkedAt - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond}-{EventId:N}");
}

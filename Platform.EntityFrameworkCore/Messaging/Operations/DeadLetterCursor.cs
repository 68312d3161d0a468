using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Platform.Errors;

namespace Platform.EntityFrameworkCore.Messaging.Operations;

/// <summary>Where a page of dead letters ended: microseconds since the epoch, the event's id and the subscription, in characters that a URL takes as they are.</summary>
internal sealed record DeadLetterCursor(DateTimeOffset ParkedAt, Guid EventId, string Subscription)
{
    private const int MaxLength = 1000;

    public static DeadLetterCursor? Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (text.Length <= MaxLength && Base64Url.IsValid(text)
            && Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split('-', 3) is [var time, var id, { Length: > 0 } subscription]
            && long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds)
            && microseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() * 1000
            && Guid.TryParseExact(id, "N", out var eventId)
            && !subscription.Contains('\0', StringComparison.Ordinal))
        {
            return new DeadLetterCursor(DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond), eventId, subscription);
        }

        throw ErrorException.Validation(new FieldError("/cursor", "invalid", "This is not a cursor that a page of this list gave."));
    }

    public override string ToString() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture, $"{(ParkedAt - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond}-{EventId:N}-{Subscription}")));
}

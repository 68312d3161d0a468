using System.Diagnostics;
using System.Text;

namespace Platform.EntityFrameworkCore.Messaging;

/// <summary>Writes and reads baggage in its header form (W3C Baggage, section 3.2): <c>key=value</c> pairs, percent-encoded, separated by commas.</summary>
internal static class BaggageHeader
{
    // W3C Baggage, section 3.3.2: what every implementation has to carry.
    private const int MaxLength = 8192;

    public static string? From(Activity? activity)
    {
        if (activity is null)
        {
            return null;
        }

        StringBuilder? header = null;
        foreach (var (key, value) in activity.Baggage)
        {
            var pair = $"{Uri.EscapeDataString(key)}={Uri.EscapeDataString(value ?? string.Empty)}";
            header ??= new StringBuilder();
            if (header.Length + 1 + pair.Length > MaxLength)
            {
                break;
            }

            header.Append(header.Length == 0 ? string.Empty : ",").Append(pair);
        }

        return header?.ToString();
    }

    public static void Restore(Activity activity, string? header)
    {
        if (header is null)
        {
            return;
        }

        foreach (var pair in header.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                activity.AddBaggage(Uri.UnescapeDataString(pair[..equals]), Uri.UnescapeDataString(pair[(equals + 1)..].Split(';')[0]));
            }
        }
    }
}

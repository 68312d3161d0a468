using System.Globalization;
using System.Security.Claims;

namespace Platform.GraphQL.Subscriptions;

/// <summary>How long a connection may use the token that it came with.</summary>
internal static class TokenLifetime
{
    // The longest that a timer waits; by then the connection is closed anyway.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(40);

    /// <summary>What is left of the token's time (RFC 9068, section 2.2, <c>exp</c>).</summary>
    public static TimeSpan Left(ClaimsPrincipal user, DateTimeOffset now)
    {
        if (!long.TryParse(user.FindFirstValue("exp"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return Longest;
        }

        var left = DateTimeOffset.FromUnixTimeSeconds(seconds) - now;
        return left <= TimeSpan.Zero ? TimeSpan.Zero : left < Longest ? left : Longest;
    }
}

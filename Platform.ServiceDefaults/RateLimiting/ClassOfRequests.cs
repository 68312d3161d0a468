using System.Globalization;
using Platform.RateLimiting;

namespace Platform.ServiceDefaults.RateLimiting;

/// <summary>Requests that are counted together, as header fields and metrics name them.</summary>
/// <param name="Name">A key of <see cref="RateLimitOptions.Classes"/>.</param>
/// <param name="Limit">Of each caller.</param>
internal sealed record ClassOfRequests(string Name, RateLimit Limit)
{
    public string Policy { get; } = string.Create(CultureInfo.InvariantCulture, $"\"{Name}\";q={Limit.Limit};w={(long)Limit.Window.TotalSeconds}");

    public KeyValuePair<string, object?> Tag { get; } = new("platform.rate_limit.class", Name);
}

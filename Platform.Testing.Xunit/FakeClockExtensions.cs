using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;

namespace Platform.Testing.Xunit;

/// <summary>A clock that a test turns by hand.</summary>
public static class FakeClockExtensions
{
    /// <summary>Has everything in the host go by a clock that stands still until the test advances it: timeouts, windows, breaks, expiries.</summary>
    /// <param name="services">The host's services, before it is built.</param>
    /// <param name="now">When the clock begins; 2026-01-01 by default.</param>
    /// <returns>The clock.</returns>
    public static FakeTimeProvider UseFakeClock(this IServiceCollection services, DateTimeOffset? now = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var clock = new FakeTimeProvider(now ?? new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        services.RemoveAll<TimeProvider>();
        services.AddSingleton<TimeProvider>(clock);
        return clock;
    }
}

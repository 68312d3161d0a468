using Microsoft.Extensions.DependencyInjection;
using Platform.Resilience;

namespace Platform.Testing.Xunit;

/// <summary>Breakers in tests.</summary>
public static class BreakerTestExtensions
{
    /// <summary>Opens a breaker as an operator would, so that the test sees what its callers do then.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="name">The breaker's name.</param>
    /// <returns>Closes it again when it is disposed of.</returns>
    public static IDisposable TripBreaker(this IServiceProvider services, string name)
    {
        ArgumentNullException.ThrowIfNull(services);
        var breaker = services.GetRequiredService<CircuitBreakers>().Get(name);
        breaker.Obey(CircuitOrder.Open);
        return new Tripped(breaker);
    }

    private sealed class Tripped(CircuitBreaker breaker) : IDisposable
    {
        public void Dispose() => breaker.Obey(CircuitOrder.None);
    }
}

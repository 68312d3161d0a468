using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Platform.Resilience;

/// <summary>Registers breakers.</summary>
public static class ResilienceExtensions
{
    /// <summary>Adds <see cref="CircuitBreakers"/>.</summary>
    public static IServiceCollection AddCircuitBreakers(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (services.Any(service => service.ServiceType == typeof(CircuitBreakers)))
        {
            return services;
        }

        services.AddOptions();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<CircuitBreakers>();
        services.AddSingleton<BreakerOptionsSetup>();
        services.AddSingleton<IConfigureOptions<CircuitBreakerOptions>>(provider => provider.GetRequiredService<BreakerOptionsSetup>());
        services.AddSingleton<IPostConfigureOptions<CircuitBreakerOptions>>(provider => provider.GetRequiredService<BreakerOptionsSetup>());
        services.AddSingleton<IValidateOptions<CircuitBreakerOptions>, BreakerOptionsCheck>();
        return services;
    }

    /// <summary>Says what a breaker's options are where the configuration does not.</summary>
    public static IServiceCollection AddCircuitBreaker(this IServiceCollection services, string name, Action<CircuitBreakerOptions> configure)
    {
        services.AddCircuitBreakers();
        services.Configure(name, configure);
        return services;
    }

    // The section of a breaker goes before what its code says, and that before the section of all.
    private sealed class BreakerOptionsSetup(IConfiguration? configuration = null)
        : IConfigureNamedOptions<CircuitBreakerOptions>, IPostConfigureOptions<CircuitBreakerOptions>
    {
        public void Configure(string? name, CircuitBreakerOptions options) => Bind(CircuitBreakers.DefaultName, options);

        public void Configure(CircuitBreakerOptions options) => Configure(null, options);

        public void PostConfigure(string? name, CircuitBreakerOptions options)
        {
            if (!string.IsNullOrEmpty(name))
            {
                Bind(name, options);
            }
        }

        private void Bind(string name, CircuitBreakerOptions options) =>
            configuration?.GetSection($"{CircuitBreakerOptions.SectionName}:{name}").Bind(options);
    }

    private sealed class BreakerOptionsCheck : IValidateOptions<CircuitBreakerOptions>
    {
        public ValidateOptionsResult Validate(string? name, CircuitBreakerOptions options) =>
            options.Problem() is { } problem ? ValidateOptionsResult.Fail($"Breaker {name}: {problem}") : ValidateOptionsResult.Success;
    }
}

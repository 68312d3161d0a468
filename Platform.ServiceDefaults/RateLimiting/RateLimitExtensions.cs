using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Platform.RateLimiting;

namespace Platform.ServiceDefaults.RateLimiting;

/// <summary>Holds callers to their limits, and the process to what it can serve.</summary>
public static class RateLimitExtensions
{
    /// <summary>Adds the limits of <see cref="RateLimitOptions"/>; shared over Redis where the host has it.</summary>
    public static IHostApplicationBuilder AddRateLimits(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddRates();
        return builder;
    }

    // What holds limits, without the classes of requests.
    internal static IServiceCollection AddRates(this IServiceCollection services)
    {
        services.AddOptions<RateLimitOptions>().BindConfiguration(RateLimitOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<LocalRates>();
        services.TryAddSingleton<RedisRates>();
        return services;
    }

    /// <summary>Sheds load; behind routing, before authentication.</summary>
    public static IApplicationBuilder UseLoadShedding(this IApplicationBuilder app) => app.UseMiddleware<LoadShedding>();

    /// <summary>Holds the limit of addresses that bring no token; behind routing, before authentication.</summary>
    public static IApplicationBuilder UseAddressRateLimits(this IApplicationBuilder app) => app.UseMiddleware<AddressRates>();

    /// <summary>Holds the limits of each caller; behind authorization and conditional requests.</summary>
    public static IApplicationBuilder UseRateLimits(this IApplicationBuilder app) => app.UseMiddleware<RateLimitedRequests>();

    /// <summary>Counts the endpoint's requests in a class of its own, whose limit is in <see cref="RateLimitOptions.Classes"/>.</summary>
    public static TBuilder WithRateLimitClass<TBuilder>(this TBuilder endpoint, string name)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new RateLimitClassMetadata(name));
}

/// <summary>Names the class of an endpoint's requests.</summary>
/// <param name="Name">A key of <see cref="RateLimitOptions.Classes"/>.</param>
public sealed record RateLimitClassMetadata(string Name);

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platform.Health;

namespace Platform.EntityFrameworkCore.Health;

/// <summary>Adds the checks of the database.</summary>
public static class HealthExtensions
{
    /// <summary>
    /// Adds the check <c>migrations</c>, tagged <see cref="HealthTags.Startup"/>: <c>/startup</c> and <c>/readyz</c> are false until every migration
    /// that this host was built with is applied.
    /// </summary>
    /// <typeparam name="TContext">The context whose migrations they are.</typeparam>
    /// <param name="services">Where to.</param>
    public static IServiceCollection AddMigrationsCheck<TContext>(this IServiceCollection services)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddHealthChecks().AddCheck<MigrationsCheck<TContext>>("migrations", tags: [HealthTags.Startup]);
        return services;
    }
}

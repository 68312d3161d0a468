using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Platform.FeatureFlags.Plans;
using Platform.Messaging.Jobs;

namespace Platform.EntityFrameworkCore.FeatureFlags.Plans;

/// <summary>Registers rollout plans.</summary>
public static class FlagPlanExtensions
{
    /// <summary>
    /// Adds <see cref="IFlagPlans"/>, and <see cref="IFlagOutcomes"/> with the <see cref="IGuardSource"/> that reads what it takes, and for guards of
    /// everybody at an endpoint the host's <see cref="Platform.Budgets.IBudgetReadings"/>. A source that was registered before is left in place.
    /// </summary>
    /// <typeparam name="TContext">The context with the tables of feature flags.</typeparam>
    public static IServiceCollection AddFlagPlans<TContext>(this IServiceCollection services)
        where TContext : DbContext
    {
        services.AddFlagStore<TContext>();
        services.TryAddSingleton<FlagHygiene>();
        services.TryAddSingleton<FlagCallers>();
        services.TryAddSingleton<FlagPlanRows>();
        services.TryAddSingleton<FlagOutcomeStore>();
        services.TryAddSingleton<IFlagOutcomes>(provider => provider.GetRequiredService<FlagOutcomeStore>());
        services.TryAddSingleton<IGuardSource, ScopedGuards>();
        services.TryAddSingleton<FlagPlans>();
        services.TryAddSingleton<IFlagPlans>(provider => provider.GetRequiredService<FlagPlans>());
        return services;
    }

    /// <summary>Moves plans on in this process, or in another one that says this too: whichever holds the lease.</summary>
    public static IServiceCollection AddFlagPlanJobs(this IServiceCollection services) => services
        .AddRecurringJob<AdvancePlansJob>(AdvancePlansJob.Name, AdvancePlansJob.Interval)
        .AddRecurringJob<FlagHygieneJob>(FlagHygieneJob.Name, FlagHygieneJob.Interval);
}

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Platform.Budgets;
using Platform.EntityFrameworkCore.Connections;
using Platform.Messaging.Jobs;

namespace Platform.EntityFrameworkCore.Budgets;

/// <summary>Gives budgets a history.</summary>
public static class BudgetStoreExtensions
{
    /// <summary>
    /// Adds <see cref="IBudgetStore"/>, <see cref="IBudgetReadings"/> and <see cref="BudgetReports"/> on a context whose model calls
    /// <c>ApplyBudgets()</c>.
    /// </summary>
    public static IServiceCollection AddBudgetStore<TContext>(this IServiceCollection services)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<BudgetOptions>().BindConfiguration(BudgetOptions.SectionName).ValidateDataAnnotations().ValidateOnStart();
        services.AddKeyedSingleton(typeof(BudgetStore), (provider, _) => new StoreConnections(
            provider.GetRequiredService<IServiceScopeFactory>(), typeof(TContext), typeof(BudgetSliceRow)));
        services.AddSingleton(provider => new BudgetLimitTable(Connections(provider), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IBudgetStore>(provider => new BudgetStore(Connections(provider), provider.GetRequiredService<BudgetLimitTable>()));
        services.AddSingleton<IBudgetReadings>(provider => provider.GetRequiredService<IBudgetStore>());
        services.AddTransient(provider => new BudgetRollUp(Connections(provider), provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<BudgetReports>();
        return services;
    }

    /// <summary>Keeps the history to 30 days and a bounded size, in one process at a time: for the worker.</summary>
    public static IServiceCollection AddBudgetRollUp(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        return services.AddRecurringJob<BudgetRollUp>(BudgetRollUp.Name, BudgetRollUp.Interval);
    }

    private static StoreConnections Connections(IServiceProvider provider) => provider.GetRequiredKeyedService<StoreConnections>(typeof(BudgetStore));
}

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Platform.Budgets;

namespace Platform.ServiceDefaults.Budgets;

internal static class BudgetExtensions
{
    /// <summary>Measures every route of the host against its budget. With an <see cref="IBudgetStore"/> replicas do so together.</summary>
    public static void AddBudgets(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<BudgetOptions>().BindConfiguration(BudgetOptions.SectionName).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton<BudgetBoard>();
        services.TryAddSingleton<BudgetRound>();
        if (builder.Configuration.GetSection(BudgetOptions.SectionName).GetValue(nameof(BudgetOptions.Enabled), true))
        {
            services.AddTransient<IStartupFilter, BudgetEdge>();
            services.AddHostedService<BudgetReporter>();
        }
    }

    private sealed class BudgetEdge : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.UseMiddleware<BudgetMiddleware>();
            next(app);
        };
    }
}

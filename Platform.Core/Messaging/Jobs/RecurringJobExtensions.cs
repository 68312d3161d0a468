using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Platform.Messaging.Jobs;

/// <summary>Declares recurring jobs; they run where <c>AddMessaging&lt;TContext&gt;()</c> is.</summary>
public static class RecurringJobExtensions
{
    private const int MaxName = 100;

    /// <inheritdoc cref="AddRecurringJob{TJob}(IServiceCollection, string, JobSchedule)"/>
    /// <param name="services">Where to.</param>
    /// <param name="name">Up to 100 characters; the same in all processes.</param>
    /// <param name="interval">From the start of one run to the start of the next; at least 100 ms. A run that takes longer is followed at once.</param>
    public static IServiceCollection AddRecurringJob<TJob>(this IServiceCollection services, string name, TimeSpan interval)
        where TJob : class, IRecurringJob => services.AddRecurringJob<TJob>(name, JobSchedule.Every(interval));

    /// <summary>
    /// Runs a job again and again, in one process at a time of all that declare it. A run that is missed (nobody was up) is made up for once.
    /// </summary>
    /// <typeparam name="TJob">What to do.</typeparam>
    /// <param name="services">Where to.</param>
    /// <param name="name">Up to 100 characters; the same in all processes.</param>
    /// <param name="schedule">When.</param>
    /// <exception cref="InvalidOperationException">There is a job of that name already.</exception>
    public static IServiceCollection AddRecurringJob<TJob>(this IServiceCollection services, string name, JobSchedule schedule)
        where TJob : class, IRecurringJob
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(schedule);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(name.Length, MaxName);
        if (services.Any(service => service.ImplementationInstance is RecurringJobDeclaration other && other.Name == name))
        {
            throw new InvalidOperationException($"There is a job {name} already.");
        }

        services.TryAddTransient<TJob>();
        return services.AddSingleton(new RecurringJobDeclaration(name, typeof(TJob), schedule));
    }
}

using Microsoft.Extensions.DependencyInjection;
using Platform.Idempotency;
using Platform.Messaging.Jobs;

namespace Platform.EntityFrameworkCore.Retention;

/// <summary>Registers the retention of what is kept for clients.</summary>
public static class HttpRetentionExtensions
{
    /// <summary>
    /// Deletes old changes (<c>Platform:Conditional:ChangeRetention</c>) and old answers (<c>Platform:Idempotency:Retention</c>) on a schedule: for the host of
    /// recurring jobs. Needs <c>AddChanges()</c>.
    /// </summary>
    public static IServiceCollection AddHttpRetention(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<IdempotencyOptions>().BindConfiguration(IdempotencyOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services.AddRecurringJob<HttpRetentionJob>(HttpRetentionJob.Name, HttpRetentionJob.Interval);
    }
}

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Platform.Errors;

namespace Platform.ServiceDefaults.Errors;

/// <summary>Gives every error of a host one form.</summary>
public static class ErrorExtensions
{
    /// <summary>
    /// Adds <see cref="ErrorTranslation"/> with what ASP.NET Core, JSON and outgoing HTTP throw. Other libraries add an
    /// <see cref="IErrorTranslator"/> each, the database with <c>AddDatabaseErrors()</c>.
    /// </summary>
    public static IHostApplicationBuilder AddErrors(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IErrorTranslator, FrameworkErrors>());
        services.TryAddSingleton<ErrorTranslation>();

        // By default, what cannot be bound is a bare 400 outside Development and an exception in it.
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        return builder;
    }

    /// <summary>
    /// Answers every error behind it with a <see cref="ProblemDocument"/>: exceptions, and statuses of 400 and more without a body.
    /// First in the pipeline, but for what has to see the final status.
    /// </summary>
    public static IApplicationBuilder UseErrors(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        return app.UseMiddleware<ErrorMiddleware>().UseMiddleware<Resilience.DeadlineMiddleware>();
    }
}

using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;
using Platform.Redaction;

namespace Platform.ServiceDefaults.Redaction;

/// <summary>Keeps personal data and secrets out of what a host tells of itself.</summary>
internal static class TelemetryRedactionExtensions
{
    /// <summary>Has everything that scopes say redacted before the exporter of log records gets it: records take their scopes as they are.</summary>
    public static void RedactScopes(this IServiceCollection services)
    {
        for (var i = 0; i < services.Count; i++)
        {
            if (services[i] is { ServiceType: var type, ImplementationFactory: { } make } && type == typeof(ILoggerProvider)
                && make.GetType().GenericTypeArguments[^1] == typeof(OpenTelemetryLoggerProvider))
            {
                services[i] = ServiceDescriptor.Singleton<ILoggerProvider>(provider => new SafeScopeLogging(
                    (OpenTelemetryLoggerProvider)make(provider), provider.GetRequiredService<Redactors>()));
            }
        }
    }

    /// <summary>Redacts the text that an endpoint answers with, line by line.</summary>
    public static void RedactBody(this IEndpointConventionBuilder endpoint) => endpoint.Add(builder =>
    {
        if (builder.RequestDelegate is not { } answer)
        {
            return;
        }

        builder.RequestDelegate = async context =>
        {
            var body = context.Response.Body;
            var redactor = context.RequestServices.GetRequiredService<Redactors>().For(RedactionAudience.Telemetry);
            await using var redacted = new RedactingStream(redactor, body, leaveOpen: true);
            context.Response.Body = redacted;
            try
            {
                // The length of what the endpoint writes is not that of what is sent.
                context.Response.OnStarting(() =>
                {
                    context.Response.ContentLength = null;
                    return Task.CompletedTask;
                });
                await answer(context);
            }
            finally
            {
                context.Response.Body = body;
            }
        };
    });
}

using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Platform.Identity;

namespace Platform.ServiceDefaults.Health;

internal static class HealthEndpoints
{
    public const string Live = "/healthz";
    public const string Ready = "/readyz";
    public const string Startup = "/startup";

    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Whether a request is a probe's, which no trace or log needs to tell of.</summary>
    public static bool IsProbe(PathString path) =>
        path.Equals(Live, StringComparison.OrdinalIgnoreCase)
        || path.Equals(Ready, StringComparison.OrdinalIgnoreCase)
        || path.Equals(Startup, StringComparison.OrdinalIgnoreCase);

    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        var board = endpoints.ServiceProvider.GetRequiredService<HealthBoard>();
        var environment = endpoints.ServiceProvider.GetRequiredService<IHostEnvironment>();

        // The process answers, so it lives. Were a dependency asked here, an outage of it would restart every replica.
        endpoints.MapProbe(Live, environment, _ => Task.FromResult(new HealthVerdict(true, "ok", [])));
        endpoints.MapProbe(Ready, environment, board.ReadyAsync);
        endpoints.MapProbe(Startup, environment, board.StartupAsync);
    }

    private static void MapProbe(
        this IEndpointRouteBuilder endpoints, string path, IHostEnvironment environment, Func<CancellationToken, Task<HealthVerdict>> ask) =>
        endpoints
            .MapMethods(path, Methods, async context => await AnswerAsync(context, environment, await ask(context.RequestAborted)))
            .ExcludeFromDescription()
            .AllowAnonymous()
            .DisableHttpMetrics()
            .DisableRateLimiting();

    private static async Task AnswerAsync(HttpContext context, IHostEnvironment environment, HealthVerdict verdict)
    {
        var response = context.Response;
        response.StatusCode = verdict.Passed ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        response.Headers.CacheControl = "no-store";
        if (context.Request.Query.ContainsKey("verbose") && (environment.IsDevelopment() || await IsOperatorAsync(context)))
        {
            response.ContentType = "application/json";
            if (!HttpMethods.IsHead(context.Request.Method))
            {
                await response.Body.WriteAsync(Verbose(verdict, environment.IsDevelopment()), context.RequestAborted);
            }

            return;
        }

        response.ContentType = "text/plain";
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.WriteAsync(verdict.Passed ? "ok" : verdict.Status, context.RequestAborted);
        }
    }

    // A host without authentication has no operators, and tells nobody.
    private static async Task<bool> IsOperatorAsync(HttpContext context) =>
        context.User.Identity?.IsAuthenticated is true
        && context.RequestServices.GetService<IAuthorizationPolicyProvider>() is { } policies
        && context.RequestServices.GetService<IAuthorizationService>() is { } authorization
        && await policies.GetPolicyAsync(ApiScopes.Operate) is { } policy
        && (await authorization.AuthorizeAsync(context.User, null, policy)).Succeeded;

    // What a check says can name hosts, users and causes: outside of development that stays in the log.
    private static byte[] Verbose(HealthVerdict verdict, bool withText)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("status", verdict.Status);
            json.WriteStartArray("checks");
            foreach (var outcome in verdict.Outcomes)
            {
                json.WriteStartObject();
                json.WriteString("name", outcome.Name);
                json.WriteString("status", Text(outcome));
                json.WriteBoolean("required", outcome.Required);
                json.WriteNumber("durationMs", Math.Round(outcome.Duration.TotalMilliseconds, 1));
                if (outcome.Note is { } note)
                {
                    json.WriteString("note", note);
                }

                if (withText && (outcome.Description ?? outcome.Error?.Message) is { } description)
                {
                    json.WriteString("description", description);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static string Text(CheckOutcome outcome) => outcome.Status switch
    {
        HealthStatus.Healthy => "healthy",
        HealthStatus.Degraded => "degraded",
        _ => outcome.Required ? "unhealthy" : "degraded",
    };
}

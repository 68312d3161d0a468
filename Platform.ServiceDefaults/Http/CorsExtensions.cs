using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Platform.ServiceDefaults.Http;

internal static class CorsExtensions
{
    private const string Policy = "platform";

    // What scripts may read beside the few headers that are always open to them.
    private static readonly string[] Readable =
    [
        HeaderNames.CorrelationId, HeaderNames.TraceId, "ETag", "Location", "Retry-After", "WWW-Authenticate", "DPoP-Nonce", "RateLimit", "RateLimit-Policy",
    ];

    private static readonly TimeSpan PreflightKept = TimeSpan.FromMinutes(10);

    public static void AddPlatformCors(this IServiceCollection services)
    {
        services.AddOptions<CorsOptions>().BindConfiguration(CorsOptions.Section).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<CorsOptions>, CorsOptionsCheck>());
        services.AddCors();
        services.AddOptions<Microsoft.AspNetCore.Cors.Infrastructure.CorsOptions>().Configure<IOptions<CorsOptions>>(
            (cors, options) => cors.AddPolicy(Policy, policy => Fill(policy, options.Value)));
    }

    /// <summary>Before routing: a preflight request carries no token, and is answered here.</summary>
    public static void UsePlatformCors(this IApplicationBuilder app)
    {
        if (app.ApplicationServices.GetRequiredService<IOptions<CorsOptions>>().Value.Origins.Count > 0)
        {
            app.UseCors(Policy);
        }
    }

    private static void Fill(CorsPolicyBuilder policy, CorsOptions options)
    {
        policy.AllowAnyMethod().AllowAnyHeader().WithExposedHeaders(Readable).SetPreflightMaxAge(PreflightKept);
        if (options.Origins is ["*"])
        {
            policy.AllowAnyOrigin();
            return;
        }

        policy.WithOrigins([.. options.Origins]);
        if (options.AllowCredentials)
        {
            policy.AllowCredentials();
        }
    }
}

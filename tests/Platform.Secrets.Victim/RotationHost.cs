using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Platform.Domain;
using Platform.Domain.Persistence;
using Platform.EntityFrameworkCore.Identity;
using Platform.EntityFrameworkCore.Secrets;
using Platform.ServiceDefaults.Identity;

namespace Platform.Secrets.Victim;

/// <summary>The services that a worker rotates with, and three secrets that a running platform depends on.</summary>
internal static class RotationHost
{
    public const string Role = "database";
    public const string Client = "demo-client";

    public static readonly string[] Names = [Role, Client, DomainSecrets.TokenSigning];

    /// <summary>What every process of the scene is configured with.</summary>
    public static Dictionary<string, string?> Settings(string prefix) => new(StringComparer.Ordinal)
    {
        ["Platform:Secrets:Lease"] = "00:00:15",
        ["Platform:Secrets:PollInterval"] = "00:00:00.5",
        ["Platform:Secrets:RetryDelay"] = "00:00:00.200",
        ["Platform:Secrets:MaxAttempts"] = "50",
        [$"Platform:Secrets:Items:{Role}:Rotator"] = "postgres-role",
        [$"Platform:Secrets:Items:{Role}:Overlap"] = "00:00:00",
        [$"Platform:Secrets:Items:{Role}:Settings:Prefix"] = prefix,
        [$"Platform:Secrets:Items:{Client}:Rotator"] = "client-secret",
        [$"Platform:Secrets:Items:{Client}:Overlap"] = "00:00:00",
        [$"Platform:Secrets:Items:{Client}:Settings:ClientId"] = "demo",
        [$"Platform:Secrets:Items:{DomainSecrets.TokenSigning}:Overlap"] = "00:00:00",
        [$"Platform:Secrets:Items:{DomainSecrets.TokenSigning}:Settings:Lead"] = "00:00:00.300",
    };

    public static WebApplication Build(string connectionString, IEnumerable<KeyValuePair<string, string?>> settings, Action<IHostApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = Environments.Development });
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Logging.ClearProviders();
        builder.AddSecrets();
        builder.Services.AddDbContextPool<PlatformDbContext>(options =>
        {
            options.UseNpgsql(connectionString);
            options.UsePlatformConventions();
        });
        builder.Services.AddDomain();
        builder.Services.AddIdentityStores<PlatformDbContext>();
        builder.Services.AddSharedCookieKeys();
        builder.Services.AddDatabaseRotators();
        builder.Services.AddIdentityRotators();
        builder.AddEdgeRotators();
        builder.AddCookieRotator();
        configure?.Invoke(builder);
        return builder.Build();
    }
}

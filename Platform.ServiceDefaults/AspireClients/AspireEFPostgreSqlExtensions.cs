using Aspire.Npgsql.EntityFrameworkCore.PostgreSQL;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Npgsql.EntityFrameworkCore.PostgreSQL.Infrastructure;
using Platform.ServiceDefaults.AspireClients;

// The namespace, names and settings are those of Aspire's package, which takes this folder's place when UseAspire is true.
namespace Microsoft.Extensions.Hosting;

/// <summary>Registers contexts on PostgreSQL as Aspire.Npgsql.EntityFrameworkCore.PostgreSQL does.</summary>
public static class AspireEFPostgreSqlExtensions
{
    private const string SectionName = "Aspire:Npgsql:EntityFrameworkCore:PostgreSQL";

    /// <summary>Adds a pooled context with retries, a health check, spans and metrics.</summary>
    /// <typeparam name="TContext">The context.</typeparam>
    /// <param name="builder">The host.</param>
    /// <param name="connectionName">The name under <c>ConnectionStrings</c>.</param>
    /// <param name="configureSettings">Changes the settings after they are read from the configuration.</param>
    /// <param name="configureDbContextOptions">Changes the context's options after <c>UseNpgsql</c>.</param>
    /// <remarks>A missing connection string throws <see cref="InvalidOperationException"/> when the first context is made, not here.</remarks>
    public static void AddNpgsqlDbContext<TContext>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<NpgsqlEntityFrameworkCorePostgreSQLSettings>? configureSettings = null,
        Action<DbContextOptionsBuilder>? configureDbContextOptions = null)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionName);

        var settings = ReadSettings<TContext>(builder);
        if (builder.Configuration.GetConnectionString(connectionName) is { } connectionString)
        {
            settings.ConnectionString = connectionString;
        }

        configureSettings?.Invoke(settings);
        builder.Services.AddDbContextPool<TContext>(options =>
        {
            if (string.IsNullOrEmpty(settings.ConnectionString))
            {
                throw new InvalidOperationException(
                    $"No connection string: set ConnectionStrings:{connectionName}, or {SectionName}:ConnectionString.");
            }

            options.UseNpgsql(settings.ConnectionString, npgsql => Apply(settings, npgsql));
            configureDbContextOptions?.Invoke(options);
        });
        AddInstrumentation<TContext>(builder, settings);
    }

    /// <summary>Adds retries, a health check, spans and metrics to a context that is registered already.</summary>
    /// <typeparam name="TContext">The context.</typeparam>
    /// <param name="builder">The host.</param>
    /// <param name="configureSettings">Changes the settings after they are read from the configuration.</param>
    /// <exception cref="InvalidOperationException"><typeparamref name="TContext"/> is not registered.</exception>
    public static void EnrichNpgsqlDbContext<TContext>(
        this IHostApplicationBuilder builder,
        Action<NpgsqlEntityFrameworkCorePostgreSQLSettings>? configureSettings = null)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (!builder.Services.Any(service => service.ServiceType == typeof(TContext)))
        {
            throw new InvalidOperationException($"{typeof(TContext).Name} is not registered: call AddDbContext or AddDbContextPool first.");
        }

        var settings = ReadSettings<TContext>(builder);
        configureSettings?.Invoke(settings);
        builder.Services.ConfigureDbContext<TContext>(options => options.UseNpgsql(npgsql => Apply(settings, npgsql)));
        AddInstrumentation<TContext>(builder, settings);
    }

    private static NpgsqlEntityFrameworkCorePostgreSQLSettings ReadSettings<TContext>(IHostApplicationBuilder builder)
    {
        var own = builder.Configuration.GetSection($"{SectionName}:{typeof(TContext).Name}");
        var settings = new NpgsqlEntityFrameworkCorePostgreSQLSettings();
        (own.Exists() ? own : builder.Configuration.GetSection(SectionName)).Bind(settings);
        return settings;
    }

    private static void Apply(NpgsqlEntityFrameworkCorePostgreSQLSettings settings, NpgsqlDbContextOptionsBuilder npgsql)
    {
        if (!settings.DisableRetry)
        {
            npgsql.EnableRetryOnFailure();
        }

        if (settings.CommandTimeout is { } seconds)
        {
            npgsql.CommandTimeout(seconds);
        }
    }

    private static void AddInstrumentation<TContext>(IHostApplicationBuilder builder, NpgsqlEntityFrameworkCorePostgreSQLSettings settings)
        where TContext : DbContext
    {
        if (!settings.DisableHealthChecks && builder.TryClaimHealthCheck(typeof(TContext).Name))
        {
            builder.Services.AddHealthChecks().AddCheck<DbContextCheck<TContext>>(typeof(TContext).Name);
        }

        if (!settings.DisableTracing)
        {
            builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddNpgsql());
        }

        if (!settings.DisableMetrics)
        {
            builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddNpgsqlInstrumentation());
        }
    }
}

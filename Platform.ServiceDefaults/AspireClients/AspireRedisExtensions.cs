using Aspire.StackExchange.Redis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.ServiceDefaults.AspireClients;
using StackExchange.Redis;

// The namespace, names and settings are those of Aspire's package, which takes this folder's place when UseAspire is true.
namespace Microsoft.Extensions.Hosting;

/// <summary>Registers connections to Redis as Aspire.StackExchange.Redis does.</summary>
public static class AspireRedisExtensions
{
    private const string SectionName = "Aspire:StackExchange:Redis";

    /// <summary>Adds <see cref="IConnectionMultiplexer"/> with a health check; it goes on trying when Redis is away.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="connectionName">The name under <c>ConnectionStrings</c>.</param>
    /// <param name="configureSettings">Changes the settings after they are read from the configuration.</param>
    /// <param name="configureOptions">Changes the client's options after they are read from the configuration.</param>
    public static void AddRedisClient(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<StackExchangeRedisSettings>? configureSettings = null,
        Action<ConfigurationOptions>? configureOptions = null) =>
        builder.AddRedisClientBuilder(connectionName, configureSettings, configureOptions);

    /// <inheritdoc cref="AddRedisClient"/>
    /// <returns>What was registered.</returns>
    public static AspireRedisClientBuilder AddRedisClientBuilder(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<StackExchangeRedisSettings>? configureSettings = null,
        Action<ConfigurationOptions>? configureOptions = null) =>
        Add(builder, connectionName, configureSettings, configureOptions, serviceKey: null);

    /// <summary>As <see cref="AddRedisClient"/>, with the connection's name as the key of the service.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="name">The name under <c>ConnectionStrings</c>, and the key.</param>
    /// <param name="configureSettings">Changes the settings after they are read from the configuration.</param>
    /// <param name="configureOptions">Changes the client's options after they are read from the configuration.</param>
    public static void AddKeyedRedisClient(
        this IHostApplicationBuilder builder,
        string name,
        Action<StackExchangeRedisSettings>? configureSettings = null,
        Action<ConfigurationOptions>? configureOptions = null) =>
        builder.AddKeyedRedisClientBuilder(name, configureSettings, configureOptions);

    /// <inheritdoc cref="AddKeyedRedisClient"/>
    /// <returns>What was registered.</returns>
    public static AspireRedisClientBuilder AddKeyedRedisClientBuilder(
        this IHostApplicationBuilder builder,
        string name,
        Action<StackExchangeRedisSettings>? configureSettings = null,
        Action<ConfigurationOptions>? configureOptions = null) =>
        Add(builder, name, configureSettings, configureOptions, serviceKey: name);

    private static AspireRedisClientBuilder Add(
        IHostApplicationBuilder builder,
        string connectionName,
        Action<StackExchangeRedisSettings>? configureSettings,
        Action<ConfigurationOptions>? configureOptions,
        string? serviceKey)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionName);

        var section = builder.Configuration.GetSection(SectionName);
        var settings = new StackExchangeRedisSettings();
        section.Bind(settings);
        section.GetSection(connectionName).Bind(settings);
        if (builder.Configuration.GetConnectionString(connectionName) is { } connectionString)
        {
            settings.ConnectionString = connectionString;
        }

        configureSettings?.Invoke(settings);
        builder.Services.AddKeyedSingleton<IConnectionMultiplexer>(
            ConnectionKey(serviceKey), (services, _) => Connect(services, connectionName, serviceKey, settings, section, configureOptions));
        if (serviceKey is null)
        {
            builder.Services.AddSingleton(services => services.GetRequiredKeyedService<IConnectionMultiplexer>(ConnectionKey(null)));
        }

        if (!settings.DisableAutoActivation)
        {
            builder.Services.ActivateKeyedSingleton<IConnectionMultiplexer>(ConnectionKey(serviceKey));
        }

        if (!settings.DisableHealthChecks)
        {
            AddHealthCheck(builder, serviceKey);
        }

        return new AspireRedisClientBuilder(builder, settings, serviceKey);
    }

    // The connection without a key is registered under one as well, so that both ways share the code.
    private static string ConnectionKey(string? serviceKey) => serviceKey ?? "StackExchange.Redis";

    private static ConnectionMultiplexer Connect(
        IServiceProvider services,
        string connectionName,
        string? serviceKey,
        StackExchangeRedisSettings settings,
        IConfiguration section,
        Action<ConfigurationOptions>? configureOptions)
    {
        var options = settings.ConnectionString is { } text ? ConfigurationOptions.Parse(text) : new ConfigurationOptions();

        // Redis is optional everywhere: a client that has none yet goes on trying in the background.
        options.AbortOnConnectFail = settings.ConnectionString?.Contains("abortConnect=true", StringComparison.OrdinalIgnoreCase) ?? false;
        foreach (var configure in services.GetServices<IConfigureOptions<ConfigurationOptions>>())
        {
            if (configure is IConfigureNamedOptions<ConfigurationOptions> named)
            {
                named.Configure(serviceKey ?? Options.Options.DefaultName, options);
            }
            else if (serviceKey is null)
            {
                configure.Configure(options);
            }
        }

        section.GetSection("ConfigurationOptions").Bind(options);
        section.GetSection(connectionName).GetSection("ConfigurationOptions").Bind(options);
        configureOptions?.Invoke(options);
        if (options.EndPoints.Count == 0)
        {
            throw new InvalidOperationException(
                $"No endpoint of Redis: set ConnectionStrings:{connectionName}, or {SectionName}:ConnectionString.");
        }

        options.LoggerFactory ??= services.GetService<ILoggerFactory>();
        return ConnectionMultiplexer.Connect(options);
    }

    private static void AddHealthCheck(IHostApplicationBuilder builder, string? serviceKey)
    {
        var name = serviceKey is null ? "StackExchange.Redis" : $"StackExchange.Redis_{serviceKey}";
        if (builder.TryClaimHealthCheck(name))
        {
            builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
                name,
                services => new RedisCheck(() => services.GetRequiredKeyedService<IConnectionMultiplexer>(ConnectionKey(serviceKey))),
                failureStatus: null,
                tags: null));
        }
    }
}

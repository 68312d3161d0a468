using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Platform.Logging;
using Platform.Redaction;
using Platform.ServiceDefaults.Redaction;

namespace Platform.ServiceDefaults.Logging;

internal static class LoggingExtensions
{
    // What a host logs when it says nothing itself: the framework's routine is left out, its warnings are kept.
    private static readonly Dictionary<string, string?> DefaultLevels = new()
    {
        ["Logging:LogLevel:Default"] = "Information",
        ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",

        // It says when requests begin and end, as their spans do, and puts a scope around each as long as it may say anything: see WorkScopes.
        ["Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics"] = "None",
        ["Logging:LogLevel:Microsoft.EntityFrameworkCore"] = "Warning",
        ["Logging:LogLevel:OpenIddict"] = "Warning",
        ["Logging:LogLevel:Polly"] = "Warning",
        ["Logging:LogLevel:StackExchange.Redis"] = "Warning",
        ["Logging:LogLevel:System.Net.Http.HttpClient"] = "Warning",
    };

    public static void AddPlatformLogging(this IHostApplicationBuilder builder, string serviceName)
    {
        builder.Configuration.AddDefaults(DefaultLevels);
        builder.Services.AddOptions<LoggingOptions>()
            .BindConfiguration(LoggingOptions.SectionName)
            .ValidateDataAnnotations()
            .ValidateOnStart();

        // Level by level while the host runs: what operators set goes before the configuration.
        builder.Services.AddSingleton<LogLevels>();
        builder.Services.AddSingleton<LogLevelFilters>();
        builder.Services.AddSingleton<IPostConfigureOptions<LoggerFilterOptions>>(services => services.GetRequiredService<LogLevelFilters>());
        builder.Services.AddSingleton<IOptionsChangeTokenSource<LoggerFilterOptions>>(services => services.GetRequiredService<LogLevelFilters>());
        builder.Services.AddHostedService<LogLevelReporter>();

        builder.Services.TryAddSingleton<IExternalScopeProvider, WorkScopes>();

        // The trace and span ids stand in each line anyway; as scopes they would cost a second time.
        builder.Logging.Configure(options => options.ActivityTrackingOptions = ActivityTrackingOptions.None);

        var format = builder.Configuration.GetSection(LoggingOptions.SectionName).GetValue(nameof(LoggingOptions.Format), LogFormat.Auto);
        if (format is LogFormat.Text || (format is LogFormat.Auto && !Console.IsOutputRedirected))
        {
            builder.Logging.AddConsole(console => console.FormatterName = SafeConsoleFormatter.Name);
            builder.Logging.AddConsoleFormatter<SafeConsoleFormatter, ConsoleFormatterOptions>();
            return;
        }

        RemoveFrameworkConsole(builder.Services);
        builder.Services.AddSingleton<ILoggerProvider>(services => new JsonLoggerProvider(
            serviceName,
            services.GetRequiredService<IOptions<LoggingOptions>>().Value,
            services.GetRequiredService<TimeProvider>(),
            Console.OpenStandardOutput(),
            services.GetRequiredService<Redactors>()));
    }

    /// <summary>Adds values that any other source goes before.</summary>
    public static void AddDefaults(this IConfigurationBuilder configuration, IEnumerable<KeyValuePair<string, string?>> values) =>
        configuration.Sources.Insert(0, new Microsoft.Extensions.Configuration.Memory.MemoryConfigurationSource { InitialData = values });

    private static void RemoveFrameworkConsole(IServiceCollection services)
    {
        for (var i = services.Count - 1; i >= 0; i--)
        {
            if (services[i] is { IsKeyedService: false } service && service.ImplementationType == typeof(ConsoleLoggerProvider))
            {
                services.RemoveAt(i);
            }
        }
    }
}

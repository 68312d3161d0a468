using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.FeatureManagement;
using Platform.ServiceDefaults.FeatureFlags;

namespace Platform.FeatureFlags.Tests;

/// <summary>Microsoft.FeatureManagement over our flags, and as it comes.</summary>
internal static class FeatureManagement
{
    public static ServiceProvider Over(FlagSnapshot snapshot, Action<IServiceCollection>? more = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddLogging();
        services.AddSingleton(new LiveFlags(snapshot));
        services.AddMicrosoftFeatureManagement();
        more?.Invoke(services);
        return services.BuildServiceProvider();
    }

    public static ServiceProvider Alone(byte[] json, Action<IServiceCollection>? more = null)
    {
        var services = new ServiceCollection();
        using var stream = new MemoryStream(json);
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddJsonStream(stream).Build());
        services.AddLogging();
        services.AddFeatureManagement();
        more?.Invoke(services);
        return services.BuildServiceProvider();
    }
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Platform.Redaction;

/// <summary>Registers redaction.</summary>
public static class PlatformRedactionExtensions
{
    /// <summary>
    /// Adds <see cref="Redactors"/> with the options of <c>Platform:Redaction</c>. Register an <see cref="IRedactionKeys"/> of your
    /// own before or after it to take the key from elsewhere than the configuration.
    /// </summary>
    public static IServiceCollection AddPlatformRedaction(this IServiceCollection services)
    {
        services.AddOptions<RedactionOptions>().BindConfiguration(RedactionOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton<IRedactionKeys, ConfiguredRedactionKeys>();
        services.TryAddSingleton<Redactors>();
        return services;
    }
}

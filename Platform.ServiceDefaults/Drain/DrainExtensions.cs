using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Platform.ServiceDefaults.Drain;

internal static class DrainExtensions
{
    public static readonly TimeSpan DefaultDelay = TimeSpan.FromSeconds(5);

    public static void AddDrain(this IServiceCollection services)
    {
        services.AddOptions<DrainOptions>().BindConfiguration(DrainOptions.SectionName).ValidateDataAnnotations().ValidateOnStart()
            .PostConfigure<IHostEnvironment>((options, environment) =>
                options.Delay ??= environment.IsDevelopment() ? TimeSpan.Zero : DefaultDelay);

        // The host's limit runs from the signal on, so the wait is added to it.
        services.AddOptions<HostOptions>().PostConfigure<IOptions<DrainOptions>>((host, drain) =>
            host.ShutdownTimeout = drain.Value.ShutdownTimeout + (drain.Value.Delay ?? TimeSpan.Zero));
        services.AddHostedService<DrainDelay>();
    }
}

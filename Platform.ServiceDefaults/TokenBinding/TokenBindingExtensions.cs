using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Platform.TokenBinding;

namespace Platform.ServiceDefaults.TokenBinding;

/// <summary>Lets tokens in only from those that they are bound to.</summary>
public static class TokenBindingExtensions
{
    /// <summary>
    /// Adds proofs of possession (RFC 9449), client certificates (RFC 8705), fingerprints, revocations, and what trusted proxies say. Part of
    /// <c>AddPlatformAuthentication()</c>. Replays are ruled out in Redis (<c>AddRedisClient</c>); without it proofs are refused with 503.
    /// Revocations are shared where the host has an <see cref="IRevocationStore"/>.
    /// </summary>
    public static IHostApplicationBuilder AddTokenBinding(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddOptions<TokenBindingOptions>().BindConfiguration(TokenBindingOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<TokenBindingOptions>, TokenBindingKey>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TokenBindingOptions>, TokenBindingKey>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => new TrustedProxies(
            TrustedProxies.Parse(provider.GetRequiredService<IOptions<TokenBindingOptions>>().Value.TrustedProxies)!));
        services.TryAddSingleton<IReplayStore, RedisReplayStore>();
        services.TryAddSingleton<BindingViolations>();
        services.TryAddSingleton(provider => new RequestBinding(
            provider.GetRequiredService<IOptions<TokenBindingOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IReplayStore>(),
            provider.GetRequiredService<BindingViolations>()));
        services.TryAddSingleton<FirstUses>();
        services.TryAddSingleton<RevocationCache>();
        services.TryAddSingleton<IRevocations>(provider => provider.GetRequiredService<RevocationCache>());
        services.AddHostedService(provider => provider.GetRequiredService<RevocationCache>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<JwtBearerOptions>, BoundTokens>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<KestrelServerOptions>, AskForCertificates>());
        services.TryAddEnumerable(ServiceDescriptor.Transient<IStartupFilter, ProxyEdge>());
        return builder;
    }
}

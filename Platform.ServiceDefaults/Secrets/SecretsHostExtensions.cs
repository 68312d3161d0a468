using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Platform.Secrets;
using Platform.ServiceDefaults.Secrets;

// The namespace of the host builders, as the service defaults: a host needs no using for it.
namespace Microsoft.Extensions.Hosting;

/// <summary>Gives a host the platform's secrets.</summary>
public static class SecretsHostExtensions
{
    /// <summary>
    /// Reads the secrets before the host does anything else, and follows them: a rotated one is in <see cref="ISecrets"/>, in the configuration keys that it is bound
    /// to (and so in every <c>IOptionsMonitor</c>) and in the database connections at once. Call it right after <c>AddServiceDefaults()</c>; the store comes with
    /// <c>AddSecretStore&lt;TContext&gt;()</c>.
    /// </summary>
    public static IHostApplicationBuilder AddSecrets(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var bound = new SecretConfiguration();
        ((IConfigurationBuilder)builder.Configuration).Add(bound);
        builder.Services.AddSecrets();
        builder.Services.AddSingleton(bound);
        builder.Services.TryAddSingleton<SecretRefresh>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<SecretRefresh>());
        builder.Services.AddSingleton<ISecretObserver, IssuerKeys>();
        return builder;
    }

    /// <summary>
    /// Adds the rotators of the host edge: keys of HTTP providers (<c>openai</c>, <c>anthropic</c>, <c>google_maps</c>, and those of
    /// <c>Platform:Secrets:Providers</c>), and secrets of webhooks.
    /// </summary>
    public static IHostApplicationBuilder AddEdgeRotators(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddHttpClient(HttpKeyRotator.Client);
        builder.Services.AddSecretRotator<WebhookRotator>();
        var section = builder.Configuration.GetSection(HttpKeyProfile.Section);
        foreach (var name in HttpKeyProfiles.Known.Concat(section.GetChildren().Select(child => child.Key)).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            var profile = HttpKeyProfiles.Of(name) ?? new HttpKeyProfile();
            section.GetSection(name).Bind(profile);
            builder.Services.AddSingleton<ISecretRotator>(provider => new HttpKeyRotator(
                name, profile, provider.GetRequiredService<IHttpClientFactory>(), provider.GetRequiredService<TimeProvider>()));
        }

        return builder;
    }

    /// <summary>Adds the rotator of the keys of cookies, which need <c>AddSharedCookieKeys()</c>.</summary>
    public static IHostApplicationBuilder AddCookieRotator(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSecretRotator<CookieKeyRotator>();
        return builder;
    }
}

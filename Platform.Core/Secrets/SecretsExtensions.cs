using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Platform.Secrets;

/// <summary>Registers secrets: what every host needs, and what a worker needs to rotate them.</summary>
public static class SecretsExtensions
{
    /// <summary>Adds <see cref="SecretCatalog"/>, <see cref="SecretEnvelope"/> and the options. The store comes with <c>AddSecretStore&lt;TContext&gt;()</c>.</summary>
    public static IServiceCollection AddSecrets(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<SecretsOptions>().BindConfiguration(SecretsOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton<IKeyEncryptionKeys, ConfiguredKeyEncryptionKeys>();
        services.TryAddSingleton<SecretEnvelope>();
        services.TryAddSingleton(provider => new SecretCatalog(
            provider.GetServices<SecretDeclaration>(), provider.GetRequiredService<IOptions<SecretsOptions>>()));
        services.TryAddSingleton<LiveSecrets>();
        services.TryAddSingleton<ISecrets>(provider => provider.GetRequiredService<LiveSecrets>());
        return services;
    }

    /// <summary>Declares a secret. The configuration may change each of its options.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="name">Its name: <c>a-z 0-9 - _</c>, up to <see cref="SecretDefinition.MaxName"/>.</param>
    /// <param name="rotator">The kind of rotator.</param>
    /// <param name="configure">Sets the rest.</param>
    public static IServiceCollection AddSecret(this IServiceCollection services, string name, string rotator, Action<SecretOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(rotator);
        if (!SecretDefinition.IsName(name))
        {
            throw new ArgumentException($"'{name}' is no name of a secret.", nameof(name));
        }

        var options = new SecretOptions { Rotator = rotator };
        configure?.Invoke(options);
        return services.AddSingleton(new SecretDeclaration(name, options));
    }

    /// <summary>Adds the engine and the rotators that need nothing but randomness: for a worker, and for its commands.</summary>
    public static IServiceCollection AddSecretRotation(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddSecrets();
        services.TryAddSingleton<RotationEngine>();
        services.TryAddSingleton<RotationRound>();
        services.AddSecretRotator<RandomRotator>();
        return services;
    }

    /// <summary>Adds a rotator.</summary>
    /// <typeparam name="TRotator">It is made once; it makes scopes for what is scoped.</typeparam>
    public static IServiceCollection AddSecretRotator<TRotator>(this IServiceCollection services)
        where TRotator : class, ISecretRotator
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ISecretRotator, TRotator>());
        return services;
    }
}

using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Platform.Identity;
using Platform.Secrets;
using Platform.ServiceDefaults.Secrets;

namespace Platform.ServiceDefaults.Identity;

/// <summary>Shares the keys of cookies and forms among replicas and hosts.</summary>
public static class CookieKeyExtensions
{
    /// <summary>
    /// Keeps the keys of ASP.NET Core Data Protection in <see cref="ICookieKeys"/>, which the host registers with its database. Every host that
    /// does so reads the others' cookies.
    /// </summary>
    public static IServiceCollection AddSharedCookieKeys(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddDataProtection().SetApplicationName("Platform");
        services.RemoveAll<IKeyManager>();
        services.AddSingleton(provider => new FollowedKeyRing(
            ActivatorUtilities.CreateInstance<XmlKeyManager>(provider), provider));
        services.AddSingleton<IKeyManager>(provider => provider.GetRequiredService<FollowedKeyRing>());
        services.AddSingleton<ISecretObserver>(provider => provider.GetRequiredService<FollowedKeyRing>());
        services.AddOptions<KeyManagementOptions>().Configure<ICookieKeys>((options, keys) =>
        {
            options.XmlRepository = new KeyRepository(keys);

            // The store seals what it is given as a whole; Data Protection would warn that nobody encrypts.
            options.XmlEncryptor = new SealedByTheStore();
        });
        return services;
    }

    private sealed class KeyRepository(ICookieKeys keys) : IXmlRepository
    {
        public IReadOnlyCollection<XElement> GetAllElements() => [.. keys.Read().Select(static xml => XElement.Parse(xml))];

        public void StoreElement(XElement element, string friendlyName) => keys.Add(element.ToString(SaveOptions.DisableFormatting));
    }

    private sealed class SealedByTheStore : IXmlEncryptor
    {
        public EncryptedXmlInfo Encrypt(XElement plaintextElement) => new(plaintextElement, typeof(Plain));
    }

    private sealed class Plain : IXmlDecryptor
    {
        public XElement Decrypt(XElement encryptedElement) => encryptedElement;
    }
}

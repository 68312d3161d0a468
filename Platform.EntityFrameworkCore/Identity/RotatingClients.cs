using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Core;
using OpenIddict.EntityFrameworkCore.Models;

namespace Platform.EntityFrameworkCore.Identity;

/// <summary>OpenIddict's clients, each of which may have further secrets beside its own while one is replaced. They are kept hashed, as the first is. Certificates of an authority are held against <see cref="CertifiedSubject"/>.</summary>
internal sealed class RotatingClients(
    IOpenIddictApplicationCache<OpenIddictEntityFrameworkCoreApplication<Guid>> cache,
    ILogger<OpenIddictApplicationManager<OpenIddictEntityFrameworkCoreApplication<Guid>>> logger,
    IOptionsMonitor<OpenIddictCoreOptions> options,
    IOpenIddictApplicationStore<OpenIddictEntityFrameworkCoreApplication<Guid>> store)
    : OpenIddictApplicationManager<OpenIddictEntityFrameworkCoreApplication<Guid>>(cache, logger, options, store)
{
    private const string Property = "platform:secrets";

    // Each costs a request that guesses a hash.
    private const int Most = 3;

    public override async ValueTask<bool> ValidateClientSecretAsync(
        OpenIddictEntityFrameworkCoreApplication<Guid> application, string secret, CancellationToken cancellationToken = default)
    {
        if (await base.ValidateClientSecretAsync(application, secret, cancellationToken))
        {
            return true;
        }

        foreach (var hash in (await FurtherAsync(application, cancellationToken)).Values)
        {
            if (await ValidateClientSecretAsync(secret, hash, cancellationToken))
            {
                return true;
            }
        }

        return false;
    }

    public override async ValueTask<bool> ValidatePublicKeyInfrastructureTlsClientCertificateAsync(
        OpenIddictEntityFrameworkCoreApplication<Guid> application, X509Certificate2 certificate, X509ChainPolicy policy, CancellationToken cancellationToken = default) =>
        CertifiedSubject.IsOf(await GetPropertiesAsync(application, cancellationToken), certificate, policy);

    /// <summary>Names the further secrets.</summary>
    public async Task<IReadOnlyCollection<string>> FurtherNamesAsync(OpenIddictEntityFrameworkCoreApplication<Guid> application, CancellationToken cancellationToken) =>
        (await FurtherAsync(application, cancellationToken)).Keys;

    /// <summary>Accepts one more secret.</summary>
    public async Task AcceptAsync(OpenIddictEntityFrameworkCoreApplication<Guid> application, string name, string secret, CancellationToken cancellationToken)
    {
        var further = await FurtherAsync(application, cancellationToken);
        further.Remove(name);
        if (further.Count >= Most)
        {
            throw new InvalidOperationException("The client has too many secrets already.");
        }

        further.Add(name, await ObfuscateClientSecretAsync(secret, cancellationToken));
        await KeepAsync(application, further, cancellationToken);
    }

    /// <summary>Does not accept a further secret any more.</summary>
    public async Task DropAsync(OpenIddictEntityFrameworkCoreApplication<Guid> application, string name, CancellationToken cancellationToken)
    {
        var further = await FurtherAsync(application, cancellationToken);
        if (further.Remove(name))
        {
            await KeepAsync(application, further, cancellationToken);
        }
    }

    /// <summary>Makes a further secret the client's own, and the only one.</summary>
    public async Task SettleAsync(OpenIddictEntityFrameworkCoreApplication<Guid> application, string name, CancellationToken cancellationToken)
    {
        if ((await FurtherAsync(application, cancellationToken)).TryGetValue(name, out var hash))
        {
            await Store.SetClientSecretAsync(application, hash, cancellationToken);
            await KeepAsync(application, [], cancellationToken);
        }
    }

    private async Task<Dictionary<string, string>> FurtherAsync(OpenIddictEntityFrameworkCoreApplication<Guid> application, CancellationToken cancellationToken) =>
        (await Store.GetPropertiesAsync(application, cancellationToken)).TryGetValue(Property, out var further) && further.ValueKind is JsonValueKind.Object
            ? further.EnumerateObject().ToDictionary(secret => secret.Name, secret => secret.Value.GetString() ?? string.Empty, StringComparer.Ordinal)
            : [];

    private async Task KeepAsync(OpenIddictEntityFrameworkCoreApplication<Guid> application, Dictionary<string, string> further, CancellationToken cancellationToken)
    {
        var properties = await Store.GetPropertiesAsync(application, cancellationToken);
        await Store.SetPropertiesAsync(
            application,
            further.Count == 0 ? properties.Remove(Property) : properties.SetItem(Property, JsonSerializer.SerializeToElement(further)),
            cancellationToken);
        await UpdateAsync(application, cancellationToken);
    }
}

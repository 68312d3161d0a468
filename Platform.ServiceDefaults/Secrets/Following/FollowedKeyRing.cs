using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Platform.Secrets;
using Secret = Platform.Secrets.Secret;

namespace Platform.ServiceDefaults.Secrets;

/// <summary>Data Protection's keys, read again when another process has rotated them; by itself it would look once a day.</summary>
internal sealed class FollowedKeyRing(IKeyManager keys, IServiceProvider services) : IKeyManager, ISecretObserver, IDisposable
{
    private const string Kind = "cookie-keys";

    private CancellationTokenSource _changed = new();

    public IKey CreateNewKey(DateTimeOffset activationDate, DateTimeOffset expirationDate) => keys.CreateNewKey(activationDate, expirationDate);

    public IReadOnlyCollection<IKey> GetAllKeys() => keys.GetAllKeys();

    public CancellationToken GetCacheExpirationToken() => CancellationTokenSource.CreateLinkedTokenSource(keys.GetCacheExpirationToken(), Volatile.Read(ref _changed).Token).Token;

    public void RevokeKey(Guid keyId, string? reason = null) => keys.RevokeKey(keyId, reason);

    public void RevokeAllKeys(DateTimeOffset revocationDate, string? reason = null) => keys.RevokeAllKeys(revocationDate, reason);

    public async Task TakeAsync(Secret secret, CancellationToken cancellationToken)
    {
        if (services.GetService<SecretCatalog>()?.Find(secret.Name)?.Rotator == Kind)
        {
            await Interlocked.Exchange(ref _changed, new CancellationTokenSource()).CancelAsync();

            // The ring is read again behind the first one who asks, who still gets the old one: that one is not to be a request.
            services.GetRequiredService<IDataProtectionProvider>().CreateProtector(Kind).Protect([]);
        }
    }

    public void Dispose() => _changed.Dispose();
}

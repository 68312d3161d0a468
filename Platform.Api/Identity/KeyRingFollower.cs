using Platform.Secrets;

namespace Platform.Api.Identity;

/// <summary>Reads the key ring at once when a signing key is rotated, rather than within a minute.</summary>
internal sealed class KeyRingFollower(KeyRing ring, SecretCatalog catalog) : ISecretObserver
{
    private const string Kind = "signing-key";

    public Task TakeAsync(Secret secret, CancellationToken cancellationToken) =>
        catalog.Find(secret.Name)?.Rotator == Kind ? ring.RefreshAsync(cancellationToken) : Task.CompletedTask;
}

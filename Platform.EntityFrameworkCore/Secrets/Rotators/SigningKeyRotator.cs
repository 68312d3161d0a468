using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Platform.EntityFrameworkCore.Identity;
using Platform.Secrets;

namespace Platform.EntityFrameworkCore.Secrets.Rotators;

/// <summary>
/// The keys that sign tokens. A new one is published first, so that everybody who checks tokens has it, signs from then on, and the others are published until
/// the last token that they signed has died. The key itself is a row of <c>identity_key</c>; the secret's value is its id. Settings: <c>Lead</c> (11 minutes)
/// and <c>EmergencyLead</c> (10 seconds), between being published and signing.
/// </summary>
internal sealed class SigningKeyRotator(SecretDatabase database, IServiceScopeFactory scopes, TimeProvider time) : ISecretRotator
{
    // Those who check tokens read the keys again every ten minutes at least.
    private static readonly TimeSpan DefaultLead = TimeSpan.FromMinutes(11);
    private static readonly TimeSpan DefaultEmergencyLead = TimeSpan.FromSeconds(10);

    public string Kind => "signing-key";

    public async Task<IReadOnlyList<string>> PlanAsync(RotationContext context, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var keys = await scope.ServiceProvider.GetRequiredService<SigningKeys>().ReadAsync(cancellationToken);
        return
        [
            "make an RSA key of 2048 bits",
            $"publish it, beside {keys.Count(key => key.Kind is IdentityKeyKind.Signing)} others",
            "sign with it and check the signature",
            $"have it sign {Lead(context):c} later",
            context.Emergency ? "publish no other key any more: all tokens before are worth nothing" : "publish the others until the last token that they signed has died",
        ];
    }

    public Task<NewSecret> CreateAsync(RotationContext context, CancellationToken cancellationToken) =>
        Task.FromResult(new NewSecret(context.Version.ToString("N"), context.Version.ToString("N")));

    public Task SetAsync(RotationContext context, SecretVersion pending, CancellationToken cancellationToken) => ChangeAsync(
        context, keys => keys.PublishAsync(context.Version, DateTimeOffset.MaxValue, cancellationToken), cancellationToken);

    public async Task TestAsync(RotationContext context, SecretVersion pending, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var key = (await scope.ServiceProvider.GetRequiredService<SigningKeys>().ReadAsync(cancellationToken)).FirstOrDefault(key => key.Id == context.Version)
            ?? throw new RotationException("The new key is not published.");
        using var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(key.Material, out _);
        CryptographicOperations.ZeroMemory(key.Material);
        var signed = rsa.SignData("platform"u8, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        if (!rsa.VerifyData("platform"u8, signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))
        {
            throw new RotationException("The new key does not check what it signs.");
        }
    }

    // Hosts that follow secrets have it by now; the lead is for those who check tokens elsewhere.
    public Task FinishAsync(RotationContext context, SecretVersion pending, CancellationToken cancellationToken) => ChangeAsync(
        context, keys => keys.ActivateAsync(context.Version, time.GetUtcNow() + Lead(context), cancellationToken), cancellationToken);

    public async Task<DateTimeOffset?> NeededUntilAsync(RotationContext context, CancellationToken cancellationToken)
    {
        if (context.Current is not { } current || !Guid.TryParse(current.Reference, out var id))
        {
            return null;
        }

        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<SigningKeys>().NeededUntilAsync(id, cancellationToken);
    }

    public Task RetireAsync(RotationContext context, SecretVersion? previous, CancellationToken cancellationToken) =>
        context.Current is { Reference: { } reference }
            ? ChangeAsync(context, keys => keys.KeepOnlyAsync(Guid.Parse(reference), cancellationToken), cancellationToken)
            : Task.CompletedTask;

    public Task DiscardAsync(RotationContext context, SecretVersion? pending, CancellationToken cancellationToken) =>
        ChangeAsync(context, keys => keys.WithdrawAsync(context.Version, cancellationToken), cancellationToken);

    // The key goes on being published, for what it signed meanwhile.
    public Task RestoreAsync(RotationContext context, SecretVersion previous, CancellationToken cancellationToken) => ChangeAsync(
        context,
        async keys =>
        {
            await keys.ActivateAsync(Guid.Parse(context.Current!.Reference!), DateTimeOffset.MaxValue, cancellationToken);
            await keys.ActivateAsync(Guid.Parse(previous.Reference!), time.GetUtcNow(), cancellationToken);
        },
        cancellationToken);

    public async Task<IReadOnlyList<string>> FindOrphansAsync(RotationContext context, CancellationToken cancellationToken)
    {
        if (context.Current is not { Reference: { } current })
        {
            return [];
        }

        // Older ones are those from before; a newer one that nobody keeps would sign.
        await using var scope = scopes.CreateAsyncScope();
        var keys = await scope.ServiceProvider.GetRequiredService<SigningKeys>().ReadAsync(cancellationToken);
        var since = keys.FirstOrDefault(key => key.Id == Guid.Parse(current))?.ActivatesAt;
        var kept = context.Versions.Select(version => version.Id).ToHashSet();
        return [.. keys.Where(key => key.Kind is IdentityKeyKind.Signing && key.ActivatesAt > since && !kept.Contains(key.Id)).Select(key => key.Id.ToString("N"))];
    }

    public Task RemoveOrphanAsync(RotationContext context, string reference, CancellationToken cancellationToken) =>
        ChangeAsync(context, keys => keys.WithdrawAsync(Guid.Parse(reference), cancellationToken), cancellationToken);

    private Task ChangeAsync(RotationContext context, Func<SigningKeys, Task> change, CancellationToken cancellationToken) =>
        database.FencedContextAsync(context.Lease, (scope, _) => change(scope.GetRequiredService<SigningKeys>()), cancellationToken);

    private static TimeSpan Lead(RotationContext context) => context.Emergency
        ? Time(context, "EmergencyLead", DefaultEmergencyLead)
        : Time(context, nameof(Lead), DefaultLead);

    private static TimeSpan Time(RotationContext context, string setting, TimeSpan otherwise) => context.Definition.Optional(setting) is not { } text
        ? otherwise
        : TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time) && time >= TimeSpan.Zero ? time : throw new InvalidOperationException($"{setting} is a time span such as 00:11:00.");
}

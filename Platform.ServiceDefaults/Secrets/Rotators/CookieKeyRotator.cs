using System.Globalization;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.DependencyInjection;
using Platform.Identity;
using Platform.Secrets;

namespace Platform.ServiceDefaults.Secrets;

/// <summary>
/// The keys of cookies and forms (ASP.NET Core Data Protection). A new one is known to every replica before it protects anything; the others go on reading what they
/// protected. In an emergency they are revoked, and with them every session. Settings: <c>Lead</c> (6 minutes), between being known and being used.
/// </summary>
internal sealed class CookieKeyRotator(IServiceProvider services, TimeProvider time) : ISecretRotator
{
    // As long as Data Protection's own keys: what is older is not used for anything new.
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(180);

    // Data Protection takes clocks to differ by five minutes, and uses a key that much before its time.
    private static readonly TimeSpan DefaultLead = TimeSpan.FromMinutes(6);

    public string Kind => "cookie-keys";

    public Task<IReadOnlyList<string>> PlanAsync(RotationContext context, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>(
    [
        $"make a key that is used from {Lead(context):c} later on",
        $"add it to the {Manager().GetAllKeys().Count} keys of the ring",
        "protect something with it and read it again",
        context.Emergency ? "revoke the others: every session ends" : "leave the others, to read what they protected",
    ]);

    public Task<NewSecret> CreateAsync(RotationContext context, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var ring = new OneKey();
        using var scratch = new ServiceCollection().AddLogging().Configure<KeyManagementOptions>(options => options.XmlRepository = ring).AddDataProtection().Services
            .BuildServiceProvider();
        scratch.GetRequiredService<IKeyManager>().CreateNewKey(now + (context.Emergency ? TimeSpan.Zero : Lead(context)), now + Lifetime);
        var key = ring.Key ?? throw new RotationException("Data Protection made no key.");

        // The version's id, so that adding it twice adds one.
        key.SetAttributeValue("id", context.Version);
        return Task.FromResult(new NewSecret(key.ToString(SaveOptions.DisableFormatting), context.Version.ToString("D")));
    }

    public Task SetAsync(RotationContext context, SecretVersion pending, CancellationToken cancellationToken)
    {
        services.GetRequiredService<ICookieKeys>().Add(pending.Value, pending.Id);
        return Task.CompletedTask;
    }

    public Task TestAsync(RotationContext context, SecretVersion pending, CancellationToken cancellationToken)
    {
        var key = Manager().GetAllKeys().FirstOrDefault(key => key.KeyId == pending.Id) ?? throw new RotationException("The new key is not in the ring.");
        var encryptor = key.CreateEncryptor() ?? throw new RotationException("The new key cannot be used.");
        var sealedText = encryptor.Encrypt("platform"u8.ToArray(), new byte[1]);
        return encryptor.Decrypt(sealedText, new byte[1]).AsSpan().SequenceEqual("platform"u8)
            ? Task.CompletedTask
            : throw new RotationException("The new key does not read what it protects.");
    }

    public Task RetireAsync(RotationContext context, SecretVersion? previous, CancellationToken cancellationToken)
    {
        if (context.Emergency)
        {
            var manager = Manager();
            foreach (var key in manager.GetAllKeys().Where(key => key.KeyId != context.Current?.Id && !key.IsRevoked))
            {
                manager.RevokeKey(key.KeyId, "emergency");
            }
        }

        return Task.CompletedTask;
    }

    public Task DiscardAsync(RotationContext context, SecretVersion? pending, CancellationToken cancellationToken)
    {
        services.GetRequiredService<ICookieKeys>().Remove(context.Version);
        return Task.CompletedTask;
    }

    // What it protected meanwhile is lost with it: sessions that began since end.
    public Task RestoreAsync(RotationContext context, SecretVersion previous, CancellationToken cancellationToken)
    {
        Manager().RevokeKey(context.Current!.Id, "rolled back");
        return Task.CompletedTask;
    }

    private IKeyManager Manager() => services.GetRequiredService<IKeyManager>();

    private static TimeSpan Lead(RotationContext context) => context.Definition.Optional(nameof(Lead)) is not { } text
        ? DefaultLead
        : TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var lead) && lead >= TimeSpan.Zero ? lead : throw new InvalidOperationException($"{nameof(Lead)} is a time span such as 00:06:00.");

    private sealed class OneKey : IXmlRepository
    {
        public XElement? Key { get; private set; }

        public IReadOnlyCollection<XElement> GetAllElements() => [];

        public void StoreElement(XElement element, string friendlyName) => Key = new XElement(element);
    }
}

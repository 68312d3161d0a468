using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.EntityFrameworkCore.Models;
using Platform.Identifiers;

namespace Platform.EntityFrameworkCore.Identity;

/// <summary>
/// The keys of the token server. They are kept in PostgreSQL, so that all replicas share them and a restart does not lose them, and
/// sealed with a key that is not (<see cref="IdentityKeyOptions.KeyEncryptionKey"/>).
/// </summary>
/// <remarks>Scoped, on a context of its own scope: it saves by itself.</remarks>
public sealed class SigningKeys
{
    private const int RsaBits = 2048;

    // Of those who check tokens.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    private readonly DbContext _database;
    private readonly KeySealing _sealing;
    private readonly TimeProvider _time;
    private readonly IdentityKeyOptions _options;

    internal SigningKeys(DbContext database, KeySealing sealing, TimeProvider time, IOptions<IdentityKeyOptions> options)
    {
        _database = database;
        _sealing = sealing;
        _time = time;
        _options = options.Value;
    }

    /// <summary>Creates a key of each kind where there is none. Steps that race make one between them.</summary>
    public Task EnsureAsync(CancellationToken cancellationToken = default) => IdentityLock.RunAsync(
        _database,
        async cancellation =>
        {
            var now = _time.GetUtcNow();
            foreach (var kind in Enum.GetValues<IdentityKeyKind>())
            {
                if (!await Published(now).AnyAsync(key => key.Kind == kind, cancellation))
                {
                    _database.Add(NewRow(kind, now));
                }
            }

            await _database.SaveChangesAsync(cancellation);
        },
        cancellationToken);

    /// <summary>
    /// Adds a signing key that takes over at <paramref name="activatesAt"/> and is published at once. The present one stays
    /// published for <see cref="IdentityKeyOptions.KeyRetention"/> after that.
    /// </summary>
    /// <param name="activatesAt">
    /// When it starts to sign. Leave those who validate the time to fetch it; one that meets an unknown key fetches it anyhow.
    /// </param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The id of the new key.</returns>
    public async Task<Guid> RollOverAsync(DateTimeOffset activatesAt, CancellationToken cancellationToken = default)
    {
        var id = Guid.Empty;
        await IdentityLock.RunAsync(
            _database,
            async cancellation =>
            {
                var now = _time.GetUtcNow();
                var replaced = await Published(now)
                    .Where(key => key.Kind == IdentityKeyKind.Signing && key.ExpiresAt == null)
                    .ToListAsync(cancellation);
                foreach (var key in replaced)
                {
                    key.ExpiresAt = activatesAt + _options.KeyRetention;
                }

                var row = NewRow(IdentityKeyKind.Signing, activatesAt);
                id = row.Id;
                _database.Add(row);
                await _database.SaveChangesAsync(cancellation);
            },
            cancellationToken);
        return id;
    }

    /// <summary>Publishes a signing key that takes over at <paramref name="activatesAt"/>; the present ones stay as they are. Does nothing where the key is there.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="activatesAt">When it starts to sign.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task PublishAsync(Guid id, DateTimeOffset activatesAt, CancellationToken cancellationToken = default)
    {
        if (!await _database.Set<IdentityKeyRow>().AnyAsync(key => key.Id == id, cancellationToken))
        {
            _database.Add(NewRow(id, IdentityKeyKind.Signing, activatesAt));
            await _database.SaveChangesAsync(cancellationToken);
        }
    }

    /// <summary>Has a key sign from then on; <see cref="DateTimeOffset.MaxValue"/> for never again.</summary>
    public Task ActivateAsync(Guid id, DateTimeOffset activatesAt, CancellationToken cancellationToken = default) => _database.Set<IdentityKeyRow>()
        .Where(key => key.Id == id)
        .ExecuteUpdateAsync(set => set.SetProperty(key => key.ActivatesAt, activatesAt), cancellationToken);

    /// <summary>Takes back a key. One that may have signed already goes on being published for <see cref="IdentityKeyOptions.KeyRetention"/>.</summary>
    public async Task WithdrawAsync(Guid id, CancellationToken cancellationToken = default)
    {
        var now = _time.GetUtcNow();
        var keys = _database.Set<IdentityKeyRow>().Where(key => key.Id == id && key.Kind == IdentityKeyKind.Signing);
        await keys.Where(key => key.ActivatesAt > now).ExecuteDeleteAsync(cancellationToken);
        await keys.ExecuteUpdateAsync(
            set => set.SetProperty(key => key.ActivatesAt, DateTimeOffset.MaxValue).SetProperty(key => key.ExpiresAt, now + _options.KeyRetention), cancellationToken);
    }

    /// <summary>Publishes no signing key any more but this one: tokens that others signed are worth nothing from now on.</summary>
    public Task KeepOnlyAsync(Guid id, CancellationToken cancellationToken = default)
    {
        var now = _time.GetUtcNow();
        return _database.Set<IdentityKeyRow>()
            .Where(key => key.Kind == IdentityKeyKind.Signing && key.Id != id && (key.ExpiresAt == null || key.ExpiresAt > now))
            .ExecuteUpdateAsync(set => set.SetProperty(key => key.ExpiresAt, now), cancellationToken);
    }

    /// <summary>When the last token dies that may have been signed by another key than this one; null where none lives.</summary>
    /// <param name="id">The key that signs now.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<DateTimeOffset?> NeededUntilAsync(Guid id, CancellationToken cancellationToken = default)
    {
        var activated = await _database.Set<IdentityKeyRow>().Where(key => key.Id == id).Select(key => key.ActivatesAt).SingleOrDefaultAsync(cancellationToken);

        // Replicas look at the time once a minute.
        var signed = (activated + TimeSpan.FromMinutes(1)).UtcDateTime;
        var now = _time.GetUtcNow().UtcDateTime;
        var last = await _database.Set<OpenIddictEntityFrameworkCoreToken<Guid>>()
            .Where(token => token.Status == OpenIddictConstants.Statuses.Valid && token.CreationDate <= signed && token.ExpirationDate > now)
            .MaxAsync(token => token.ExpirationDate, cancellationToken);
        var until = last is { } expiry ? new DateTimeOffset(DateTime.SpecifyKind(expiry, DateTimeKind.Utc)) + ClockSkew : (DateTimeOffset?)null;

        // Before it signs, nothing is known of what the others will still sign.
        return activated > now && (until is null || until < activated) ? activated + TimeSpan.FromMinutes(1) : until;
    }

    /// <summary>Reads every key that is published now, the newest first.</summary>
    /// <exception cref="CryptographicException">A key does not open with the configured key-encryption key.</exception>
    public async Task<IReadOnlyList<IdentityKey>> ReadAsync(CancellationToken cancellationToken = default)
    {
        var rows = await Published(_time.GetUtcNow()).AsNoTracking()
            .OrderByDescending(key => key.ActivatesAt).ThenByDescending(key => key.Id)
            .ToListAsync(cancellationToken);
        return [.. rows.Select(row => new IdentityKey(row.Id, row.Kind, _sealing.Open(row.Sealed, row.Id, (SealedFor)row.Kind), row.ActivatesAt))];
    }

    private IQueryable<IdentityKeyRow> Published(DateTimeOffset now) =>
        _database.Set<IdentityKeyRow>().Where(key => key.ExpiresAt == null || key.ExpiresAt > now);

    private IdentityKeyRow NewRow(IdentityKeyKind kind, DateTimeOffset activatesAt) => NewRow(Uuid7.Next(_time), kind, activatesAt);

    private IdentityKeyRow NewRow(Guid id, IdentityKeyKind kind, DateTimeOffset activatesAt)
    {
        var material = NewMaterial(kind);
        try
        {
            return new IdentityKeyRow
            {
                Id = id,
                Kind = kind,
                Sealed = _sealing.Seal(material, id, (SealedFor)kind),
                CreatedAt = _time.GetUtcNow(),
                ActivatesAt = activatesAt,
            };
        }
        finally
        {
            CryptographicOperations.ZeroMemory(material);
        }
    }

    private static byte[] NewMaterial(IdentityKeyKind kind)
    {
        if (kind is IdentityKeyKind.Encryption)
        {
            return RandomNumberGenerator.GetBytes(32);
        }

        using var rsa = RSA.Create(RsaBits);
        return rsa.ExportPkcs8PrivateKey();
    }
}

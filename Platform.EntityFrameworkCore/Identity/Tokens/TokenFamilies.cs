using Microsoft.EntityFrameworkCore;
using OpenIddict.EntityFrameworkCore.Models;
using Platform.Identifiers;
using Platform.TokenBinding;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Platform.EntityFrameworkCore.Identity.Tokens;

/// <summary>
/// The tokens that descend from one sign-in: its code, and every refresh and access token since. They hang on one authorization, whose id
/// is the family's (<c>oi_au_id</c> in the tokens). Scoped.
/// </summary>
public sealed class TokenFamilies
{
    // No access token lives longer, clocks that differ included.
    private static readonly TimeSpan LongestAccessToken = TimeSpan.FromMinutes(65);

    private const int MostAtOnce = 1_000;

    private readonly DbContext _database;
    private readonly TimeProvider _time;
    private readonly IRevocations? _revocations;

    internal TokenFamilies(DbContext database, TimeProvider time, IRevocations? revocations) =>
        (_database, _time, _revocations) = (database, time, revocations);

    /// <summary>Uses up a code or refresh token, in one statement: of any number of requests that race, one gets true.</summary>
    /// <param name="token">The token's id (<c>oi_tkn_id</c>).</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<bool> RedeemAsync(Guid token, CancellationToken cancellationToken = default)
    {
        var (now, stamp) = (_time.GetUtcNow().UtcDateTime, Uuid7.Next(_time).ToString());
        return await _database.Set<OpenIddictEntityFrameworkCoreToken<Guid>>()
            .Where(row => row.Id == token && row.Status == Statuses.Valid)
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(row => row.Status, Statuses.Redeemed)
                    .SetProperty(row => row.RedemptionDate, now)
                    .SetProperty(row => row.ConcurrencyToken, stamp),
                cancellationToken) == 1;
    }

    /// <summary>
    /// Ends a family: none of its codes and refresh tokens works any more, introspection calls its access tokens inactive, and hosts refuse
    /// them. The authorization goes first, so that a token which is being issued at this moment is born dead.
    /// </summary>
    /// <returns>Whether there was something to end.</returns>
    public async Task<bool> RevokeAsync(Guid family, CancellationToken cancellationToken = default)
    {
        var stamp = Uuid7.Next(_time).ToString();
        var ended = await _database.Set<OpenIddictEntityFrameworkCoreAuthorization<Guid>>()
            .Where(row => row.Id == family && row.Status == Statuses.Valid)
            .ExecuteUpdateAsync(
                set => set.SetProperty(row => row.Status, Statuses.Revoked).SetProperty(row => row.ConcurrencyToken, stamp),
                cancellationToken);
        await _database.Set<OpenIddictEntityFrameworkCoreToken<Guid>>()
            .Where(row => row.Authorization!.Id == family && row.Status != Statuses.Revoked)
            .ExecuteUpdateAsync(
                set => set.SetProperty(row => row.Status, Statuses.Revoked).SetProperty(row => row.ConcurrencyToken, stamp),
                cancellationToken);
        if (ended == 1)
        {
            await RefuseAsync(family.ToString("D"), "token.family", cancellationToken);
        }

        return ended == 1;
    }

    /// <summary>Ends one token, which hosts refuse from now on; others of its family go on.</summary>
    public async Task RevokeTokenAsync(Guid token, CancellationToken cancellationToken = default)
    {
        var stamp = Uuid7.Next(_time).ToString();
        await _database.Set<OpenIddictEntityFrameworkCoreToken<Guid>>()
            .Where(row => row.Id == token && row.Status != Statuses.Revoked)
            .ExecuteUpdateAsync(
                set => set.SetProperty(row => row.Status, Statuses.Revoked).SetProperty(row => row.ConcurrencyToken, stamp),
                cancellationToken);
        await RefuseAsync(token.ToString("D"), "token.revoked", cancellationToken);
    }

    /// <summary>Ends every family of a user.</summary>
    public async Task RevokeAllAsync(Guid user, CancellationToken cancellationToken = default)
    {
        var (subject, stamp) = (user.ToString("D"), Uuid7.Next(_time).ToString());
        await _database.Set<OpenIddictEntityFrameworkCoreAuthorization<Guid>>()
            .Where(row => row.Subject == subject && row.Status == Statuses.Valid && row.Type == AuthorizationTypes.AdHoc)
            .ExecuteUpdateAsync(
                set => set.SetProperty(row => row.Status, Statuses.Revoked).SetProperty(row => row.ConcurrencyToken, stamp),
                cancellationToken);
        var now = _time.GetUtcNow().UtcDateTime;
        var access = await _database.Set<OpenIddictEntityFrameworkCoreToken<Guid>>()
            .Where(row => row.Subject == subject && row.Type == TokenTypeIdentifiers.AccessToken && row.ExpirationDate > now)
            .OrderByDescending(row => row.CreationDate)
            .Select(row => new { row.Id, Family = (Guid?)row.Authorization!.Id })
            .Take(MostAtOnce)
            .ToListAsync(cancellationToken);
        foreach (var family in access.Select(token => token.Family ?? token.Id).Distinct())
        {
            await RefuseAsync(family.ToString("D"), "token.user", cancellationToken);
        }

        await _database.Set<OpenIddictEntityFrameworkCoreToken<Guid>>()
            .Where(row => row.Subject == subject && row.Status != Statuses.Revoked)
            .ExecuteUpdateAsync(
                set => set.SetProperty(row => row.Status, Statuses.Revoked).SetProperty(row => row.ConcurrencyToken, stamp),
                cancellationToken);
    }

    // Access tokens are checked without asking anybody, so that hosts have to be told.
    private Task RefuseAsync(string family, string reason, CancellationToken cancellationToken) =>
        _revocations?.RevokeAsync(family, _time.GetUtcNow() + LongestAccessToken, reason, cancellationToken) ?? Task.CompletedTask;
}

using Microsoft.EntityFrameworkCore;
using OpenIddict.EntityFrameworkCore.Models;
using Platform.Identifiers;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Platform.EntityFrameworkCore.Identity.Tokens;

/// <summary>
/// The tokens that descend from one sign-in: its code, and every refresh and access token since. They hang on one authorization, whose id
/// is the family's (<c>oi_au_id</c> in the tokens). Scoped.
/// </summary>
public sealed class TokenFamilies
{
    private readonly DbContext _database;
    private readonly TimeProvider _time;

    internal TokenFamilies(DbContext database, TimeProvider time) => (_database, _time) = (database, time);

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
    /// Ends a family: none of its codes and refresh tokens works any more, and introspection calls its access tokens inactive. The
    /// authorization goes first, so that a token which is being issued at this moment is born dead.
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
        return ended == 1;
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
        await _database.Set<OpenIddictEntityFrameworkCoreToken<Guid>>()
            .Where(row => row.Subject == subject && row.Status != Statuses.Revoked)
            .ExecuteUpdateAsync(
                set => set.SetProperty(row => row.Status, Statuses.Revoked).SetProperty(row => row.ConcurrencyToken, stamp),
                cancellationToken);
    }
}

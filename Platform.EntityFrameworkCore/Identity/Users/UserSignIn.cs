using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Platform.Identity;

namespace Platform.EntityFrameworkCore.Identity.Users;

/// <summary>
/// Checks what somebody signs in with. A name that is not there, one that is locked or disabled and a wrong password take the same time
/// and give the same answer. Scoped.
/// </summary>
public sealed class UserSignIn
{
    private readonly DbContext _database;
    private readonly UserManager<User> _identity;
    private readonly SignInAttempts _attempts;
    private readonly UserSecrets _secrets;
    private readonly DecoyPassword _decoy;
    private readonly TimeProvider _time;

    internal UserSignIn(
        DbContext database, UserManager<User> identity, SignInAttempts attempts, UserSecrets secrets, DecoyPassword decoy, TimeProvider time) =>
        (_database, _identity, _attempts, _secrets, _decoy, _time) = (database, identity, attempts, secrets, decoy, time);

    /// <summary>Checks a name and a password, and counts the attempt.</summary>
    public async Task<SignInOutcome> CheckPasswordAsync(string name, string password, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(password);
        if (name.Length > UserTable.MaxName
            || await _identity.FindByNameAsync(name) is not { IsDisabled: false, PasswordHash: { } hash } user
            || !await _attempts.TakeAsync(user.Id, cancellationToken))
        {
            _decoy.Verify(password);
            return default;
        }

        var result = _identity.PasswordHasher.VerifyHashedPassword(user, hash, password);
        if (result is PasswordVerificationResult.Failed)
        {
            return default;
        }

        if (result is PasswordVerificationResult.SuccessRehashNeeded)
        {
            var renewed = _identity.PasswordHasher.HashPassword(user, password);
            await _database.Set<User>().Where(u => u.Id == user.Id && u.PasswordHash == hash)
                .ExecuteUpdateAsync(set => set.SetProperty(u => u.PasswordHash, renewed), cancellationToken);
        }

        // Whoever knows the password must not get new attempts at the second factor by it.
        await (user.TwoFactorEnabled ? _attempts.GiveBackAsync(user.Id, cancellationToken) : _attempts.ForgetAsync(user.Id, cancellationToken));
        return new(user, user.TwoFactorEnabled);
    }

    /// <summary>Checks a one-time password or a recovery code, and counts the attempt. Each works once.</summary>
    public async Task<bool> CheckSecondFactorAsync(User user, string code, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(user);
        ArgumentNullException.ThrowIfNull(code);
        if (user is not { IsDisabled: false, TwoFactorEnabled: true } || !await _attempts.TakeAsync(user.Id, cancellationToken))
        {
            return false;
        }

        if (!await AcceptOneTimeAsync(user, code, cancellationToken) && !await AcceptRecoveryCodeAsync(user, code, cancellationToken))
        {
            return false;
        }

        await _attempts.ForgetAsync(user.Id, cancellationToken);
        return true;
    }

    /// <summary>Makes a key for the user's authenticator app. The second factor is asked for only after <see cref="EnableTwoFactorAsync"/>.</summary>
    /// <returns>The key, which is not shown again.</returns>
    public async Task<byte[]> BeginTwoFactorAsync(User user, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(user);
        var key = UserSecrets.NewOneTimeKey();
        var box = _secrets.Seal(key, user.Id);
        await _database.Set<User>().Where(u => u.Id == user.Id && !u.TwoFactorEnabled)
            .ExecuteUpdateAsync(set => set.SetProperty(u => u.SealedOneTimeKey, box).SetProperty(u => u.LastOneTimeStep, 0), cancellationToken);
        return key;
    }

    /// <summary>Turns the second factor on, once a password shows that the app has the key.</summary>
    /// <returns>Ten recovery codes, which are not shown again; null where the password is not right.</returns>
    public async Task<IReadOnlyList<string>?> EnableTwoFactorAsync(User user, string code, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(user);
        ArgumentNullException.ThrowIfNull(code);
        if (user.TwoFactorEnabled || user.SealedOneTimeKey is null || !await _attempts.TakeAsync(user.Id, cancellationToken)
            || !await AcceptOneTimeAsync(user, code, cancellationToken))
        {
            return null;
        }

        await _attempts.ForgetAsync(user.Id, cancellationToken);
        var (codes, kept) = _secrets.NewRecoveryCodes(user.Id);
        await _database.Entry(user).ReloadAsync(cancellationToken);
        (user.TwoFactorEnabled, user.RecoveryCodes) = (true, kept);
        return (await _identity.UpdateSecurityStampAsync(user)).Succeeded ? codes : null;
    }

    // The step moves forward in the statement that accepts it, so that one password is not taken twice (RFC 6238, section 5.2).
    private async Task<bool> AcceptOneTimeAsync(User user, string code, CancellationToken cancellationToken)
    {
        if (user.SealedOneTimeKey is null || Totp.Match(_secrets.Open(user), code, _time.GetUtcNow()) is not { } step)
        {
            return false;
        }

        return await _database.Set<User>().Where(u => u.Id == user.Id && u.LastOneTimeStep < step)
            .ExecuteUpdateAsync(set => set.SetProperty(u => u.LastOneTimeStep, step), cancellationToken) == 1;
    }

    private async Task<bool> AcceptRecoveryCodeAsync(User user, string code, CancellationToken cancellationToken)
    {
        var hash = _secrets.HashOf(code, user.Id);
        return await _database.Database.ExecuteSqlAsync(
            $"UPDATE platform.identity_user SET recovery_codes = array_remove(recovery_codes, {hash}) WHERE id = {user.Id} AND {hash} = ANY(recovery_codes)",
            cancellationToken) == 1;
    }
}

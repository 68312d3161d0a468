using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Platform.EntityFrameworkCore.Identity.Tokens;
using Platform.Identifiers;

namespace Platform.EntityFrameworkCore.Identity.Users;

/// <summary>Adds and changes users, on ASP.NET Core Identity. Scoped, on a context of its own scope: it saves by itself.</summary>
public sealed class UserAccounts
{
    private readonly DbContext _database;
    private readonly UserManager<User> _identity;
    private readonly SignInAttempts _attempts;
    private readonly TokenFamilies _families;
    private readonly TimeProvider _time;

    internal UserAccounts(DbContext database, UserManager<User> identity, SignInAttempts attempts, TokenFamilies families, TimeProvider time) =>
        (_database, _identity, _attempts, _families, _time) = (database, identity, attempts, families, time);

    /// <summary>Adds a user.</summary>
    /// <returns>Null, or why not: the name is taken, the password too short.</returns>
    public async Task<string?> AddAsync(NewUser wanted, string password)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        var user = new User
        {
            Id = Uuid7.Next(_time),
            CreatedAt = _time.GetUtcNow(),
            UserName = wanted.UserName,
            DisplayName = wanted.DisplayName,
            Email = wanted.Email,
            Roles = [.. wanted.Roles],
            Groups = [.. wanted.Groups],
            IsStaff = wanted.IsStaff,
            IsSuperuser = wanted.IsSuperuser,
        };
        return Complaint(await _identity.CreateAsync(user, password));
    }

    /// <summary>Finds a user by id; null where there is none.</summary>
    public Task<User?> FindAsync(string id) => _identity.FindByIdAsync(id);

    /// <summary>Finds a user by the name that they sign in with.</summary>
    public Task<User?> FindByNameAsync(string name) => _identity.FindByNameAsync(name);

    /// <summary>Every user in the order of names, at most this many.</summary>
    public async Task<IReadOnlyList<User>> ListAsync(int most, CancellationToken cancellationToken = default) =>
        await _database.Set<User>().AsNoTracking().OrderBy(user => user.NormalizedUserName).Take(most).ToListAsync(cancellationToken);

    /// <summary>Sets another password, forgets failures and ends every session and token family of the user.</summary>
    /// <returns>Null, or why not.</returns>
    public async Task<string?> ResetPasswordAsync(User user, string password, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(user);
        foreach (var validator in _identity.PasswordValidators)
        {
            if (Complaint(await validator.ValidateAsync(_identity, user, password)) is { } complaint)
            {
                return complaint;
            }
        }

        user.PasswordHash = _identity.PasswordHasher.HashPassword(user, password);
        return await EndSessionsAsync(user, cancellationToken);
    }

    /// <summary>Takes the second factor away, for a user who lost it, and ends every session and token family.</summary>
    /// <returns>Null, or why not.</returns>
    public Task<string?> ResetTwoFactorAsync(User user, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(user);
        (user.TwoFactorEnabled, user.SealedOneTimeKey, user.LastOneTimeStep, user.RecoveryCodes) = (false, null, 0, []);
        return EndSessionsAsync(user, cancellationToken);
    }

    /// <summary>Keeps a user out, or lets them in again; ends every session and token family.</summary>
    /// <returns>Null, or why not.</returns>
    public Task<string?> SetDisabledAsync(User user, bool disabled, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(user);
        user.IsDisabled = disabled;
        return EndSessionsAsync(user, cancellationToken);
    }

    /// <summary>Lets a user try again who failed too often.</summary>
    public Task UnlockAsync(User user, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(user);
        return _attempts.ForgetAsync(user.Id, cancellationToken);
    }

    private async Task<string?> EndSessionsAsync(User user, CancellationToken cancellationToken)
    {
        if (Complaint(await _identity.UpdateSecurityStampAsync(user)) is { } complaint)
        {
            return complaint;
        }

        await _attempts.ForgetAsync(user.Id, cancellationToken);
        await _families.RevokeAllAsync(user.Id, cancellationToken);
        return null;
    }

    private static string? Complaint(IdentityResult result) =>
        result.Succeeded ? null : string.Join(" ", result.Errors.Select(error => error.Description));
}

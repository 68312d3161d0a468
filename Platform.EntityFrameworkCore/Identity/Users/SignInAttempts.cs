using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Platform.EntityFrameworkCore.Identity.Users;

/// <summary>
/// Counts attempts before they are looked at, in one statement, so that guesses which come at once do not all pass before the first is
/// counted. One that was right is given back.
/// </summary>
internal sealed class SignInAttempts(DbContext database, TimeProvider time, IOptions<UserOptions> options)
{
    /// <summary>Takes one of the attempts that are left.</summary>
    /// <returns>False while the account is locked: what was typed must not be looked at.</returns>
    public async Task<bool> TakeAsync(Guid user, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var (most, until) = (options.Value.MaxFailedAttempts, now + options.Value.LockoutTime);

        // A lock that has run out leaves a clean sheet.
        return await database.Set<User>()
            .Where(u => u.Id == user && (u.LockedUntil == null || u.LockedUntil <= now))
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(u => u.FailedAttempts, u => u.LockedUntil == null ? u.FailedAttempts + 1 : 1)
                    .SetProperty(u => u.LockedUntil, u => (u.LockedUntil == null ? u.FailedAttempts + 1 : 1) >= most ? until : null),
                cancellationToken) == 1;
    }

    /// <summary>Gives one attempt back: the password was right, and a second factor is still to come.</summary>
    public Task GiveBackAsync(Guid user, CancellationToken cancellationToken) => database.Set<User>()
        .Where(u => u.Id == user && u.FailedAttempts > 0)
        .ExecuteUpdateAsync(
            set => set.SetProperty(u => u.FailedAttempts, u => u.FailedAttempts - 1).SetProperty(u => u.LockedUntil, (DateTimeOffset?)null),
            cancellationToken);

    /// <summary>Forgets all failures: the user has signed in, or somebody unlocked the account.</summary>
    public Task ForgetAsync(Guid user, CancellationToken cancellationToken) => database.Set<User>()
        .Where(u => u.Id == user)
        .ExecuteUpdateAsync(
            set => set.SetProperty(u => u.FailedAttempts, 0).SetProperty(u => u.LockedUntil, (DateTimeOffset?)null),
            cancellationToken);
}

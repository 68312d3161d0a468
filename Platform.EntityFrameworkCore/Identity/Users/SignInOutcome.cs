namespace Platform.EntityFrameworkCore.Identity.Users;

/// <summary>What came of a password.</summary>
/// <param name="User">Whose it is; null where signing in failed, for a reason that is not told.</param>
/// <param name="NeedsSecondFactor">The password was right, and a second factor is to follow.</param>
public readonly record struct SignInOutcome(User? User, bool NeedsSecondFactor);

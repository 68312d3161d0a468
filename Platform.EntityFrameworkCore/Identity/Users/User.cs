using Platform.Redaction;

namespace Platform.EntityFrameworkCore.Identity.Users;

/// <summary>A person who can sign in: a row of <c>identity_user</c>.</summary>
public sealed class User
{
    /// <summary>Stable, and what tokens call the user (<c>sub</c>).</summary>
    public required Guid Id { get; init; }

    /// <summary>What the user signs in with.</summary>
    /// <value>Unique but for its case; at most 100 characters.</value>
    public required string UserName { get; set; }

    /// <summary>What people call the user.</summary>
    [Personal(PiiType.PersonName)]
    public string? DisplayName { get; set; }

    /// <summary>Where to write to; not used to sign in.</summary>
    [Personal(PiiType.Email)]
    public string? Email { get; set; }

    /// <summary>See <c>RoleNames</c>.</summary>
    public string[] Roles { get; set; } = [];

    /// <summary>In the order of preference.</summary>
    public string[] Groups { get; set; } = [];

    /// <summary>Belongs to the organisation that runs the platform.</summary>
    public bool IsStaff { get; set; }

    /// <summary>Has every permission.</summary>
    public bool IsSuperuser { get; set; }

    /// <summary>May not sign in any more; tokens are not refreshed.</summary>
    public bool IsDisabled { get; set; }

    /// <summary>When the user was added.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Changes with whatever ends sessions: the password, the second factor, being disabled.</summary>
    public string SecurityStamp { get; set; } = "";

    /// <summary>A second factor is asked for.</summary>
    public bool TwoFactorEnabled { get; set; }

    /// <summary>Until when nobody may try to sign in; null or past where one may.</summary>
    public DateTimeOffset? LockedUntil { get; set; }

    /// <summary>How often signing in failed since it last worked.</summary>
    public int FailedAttempts { get; set; }

    internal string NormalizedUserName { get; set; } = "";

    internal string? PasswordHash { get; set; }

    // Sealed with the key-encryption key; also while it is only being set up.
    internal byte[]? SealedOneTimeKey { get; set; }

    // The last step whose password was accepted (RFC 6238, section 5.2).
    internal long LastOneTimeStep { get; set; }

    // Keyed hashes; one that was used is gone.
    internal string[] RecoveryCodes { get; set; } = [];

    internal Guid ConcurrencyStamp { get; set; }
}

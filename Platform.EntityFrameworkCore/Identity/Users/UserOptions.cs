using System.ComponentModel.DataAnnotations;

namespace Platform.EntityFrameworkCore.Identity.Users;

/// <summary>How users sign in.</summary>
public sealed class UserOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Platform:Identity:Users";

    /// <summary>The fewest characters of a password. Nothing else is asked of one (NIST SP 800-63B, section 3.1.1.2).</summary>
    /// <value>12 by default; 8 to 128.</value>
    [Range(8, 128)]
    public int MinimumPasswordLength { get; set; } = 12;

    /// <summary>After how many failures an account is locked for <see cref="LockoutTime"/>. Passwords and second factors count together.</summary>
    /// <value>5 by default; 1 to 100.</value>
    [Range(1, 100)]
    public int MaxFailedAttempts { get; set; } = 5;

    /// <summary>How long an account stays locked.</summary>
    /// <value>5 minutes by default; 1 second to 1 day.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan LockoutTime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The rounds of PBKDF2 with HMAC-SHA-512. An older hash is renewed when its user signs in.</summary>
    /// <value>210,000 by default (OWASP Password Storage Cheat Sheet); 100,000 to 10,000,000.</value>
    [Range(100_000, 10_000_000)]
    public int PasswordIterations { get; set; } = 210_000;
}

using Platform.Redaction;

namespace Platform.EntityFrameworkCore.Identity.Users;

/// <summary>A user to be added.</summary>
/// <param name="UserName">What the user signs in with.</param>
public sealed record NewUser(string UserName)
{
    /// <summary>What people call the user.</summary>
    [Personal(PiiType.PersonName)]
    public string? DisplayName { get; init; }

    /// <summary>Where to write to.</summary>
    [Personal(PiiType.Email)]
    public string? Email { get; init; }

    /// <summary>See <c>RoleNames</c>.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>In the order of preference.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>Belongs to the organisation that runs the platform.</summary>
    public bool IsStaff { get; init; }

    /// <summary>Has every permission.</summary>
    public bool IsSuperuser { get; init; }

    /// <inheritdoc/>
    public override string ToString() => this.ToSafe().ToString();
}

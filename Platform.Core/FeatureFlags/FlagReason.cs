namespace Platform.FeatureFlags;

/// <summary>What decided.</summary>
public enum FlagReason : byte
{
    /// <summary>Nobody defined the flag: the configured default.</summary>
    Unknown,

    /// <summary>The flag cannot be read: off.</summary>
    Invalid,

    /// <summary>A test turned it, see <see cref="IFeatureFlags.Override(string, bool)"/>.</summary>
    Overridden,

    /// <summary>The kill switch.</summary>
    Killed,

    /// <summary>Its own system has it disabled.</summary>
    Disabled,

    /// <summary>On or off for everyone.</summary>
    Everyone,

    /// <summary>A tester's query parameter, header or cookie.</summary>
    Testing,

    /// <summary>A prerequisite has another answer.</summary>
    Prerequisite,

    /// <summary>Outside of every time window.</summary>
    Window,

    /// <summary>The caller is excluded.</summary>
    Excluded,

    /// <summary>The caller is among the users.</summary>
    User,

    /// <summary>The caller is in one of the groups.</summary>
    Group,

    /// <summary>The caller has one of the roles.</summary>
    Role,

    /// <summary>The caller is signed in.</summary>
    Authenticated,

    /// <summary>The caller is staff.</summary>
    Staff,

    /// <summary>The caller is a superuser.</summary>
    Superuser,

    /// <summary>The caller's language.</summary>
    Language,

    /// <summary>A rule, strategy or filter; <see cref="FlagDecision.Part"/> says which.</summary>
    Rule,

    /// <summary>The percentage.</summary>
    Percent,

    /// <summary>The answer the visitor had before, from a cookie or from earlier in this request.</summary>
    Remembered,

    /// <summary>There is no user, not even an anonymous one.</summary>
    NoPrincipal,

    /// <summary>Nothing fits.</summary>
    NoMatch,
}

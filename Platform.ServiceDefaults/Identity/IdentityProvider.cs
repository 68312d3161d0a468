namespace Platform.ServiceDefaults.Identity;

/// <summary>Who issues the tokens that hosts accept.</summary>
public enum IdentityProvider
{
    /// <summary>Platform.Api, with its own users and clients.</summary>
    Own,

    /// <summary>Another OpenID Connect provider; Platform.Api then has no token server and no login.</summary>
    External,
}

namespace Platform.Api.Identity.Pages;

/// <summary>Where the pages are.</summary>
internal static class AccountPaths
{
    public const string Root = "/account";
    public const string Login = "/account/login";
    public const string SecondFactor = "/account/login/code";
    public const string Consent = "/account/consent";
    public const string Logout = "/account/logout";
    public const string TwoFactor = "/account/two-factor";
    public const string Style = "/account/style.css";

    /// <summary>The query parameter and the field that say where to go on.</summary>
    public const string Return = "return";

    private const int MaxReturn = 8 * 1_024;

    /// <summary>Gives the address if it is one of this host's own that pages may lead to, else the account page: never another site.</summary>
    public static string Safe(string? address) =>
        address is { Length: <= MaxReturn }
        && (address.StartsWith("/connect/authorize?", StringComparison.Ordinal) || address.StartsWith("/connect/logout", StringComparison.Ordinal)
            || address is TwoFactor)
        && !address.AsSpan().ContainsAnyInRange('\0', '\x1f')
            ? address
            : Root;
}

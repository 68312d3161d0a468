using Microsoft.Extensions.Options;
using Platform.ServiceDefaults.Identity;

namespace Platform.Api.Identity.Grants;

/// <summary>
/// How cookies are named and sent. Where the issuer's public address is HTTPS they are <c>__Host-</c> cookies: Secure, for this host alone, on every
/// path (RFC 6265bis, section 4.1.3.2). On plain HTTP, which is for development on one machine, browsers take none of these and they
/// go without the prefix.
/// </summary>
internal sealed class SessionCookies(IOptions<IdentityOptions> identity)
{
    private bool IsSecure { get; } = identity.Value.Issuer!.Scheme == Uri.UriSchemeHttps;

    public string RefusalName => Name("platform-refused");

    public string ConsentName => Name("platform-consented");

    public string Name(string name) => IsSecure ? $"__Host-{name}" : name;

    /// <summary>For cookies of a minute.</summary>
    public CookieOptions Options() => Builder("platform").Build(new DefaultHttpContext());

    /// <summary>For what makes cookies by itself.</summary>
    public CookieBuilder Builder(string name) => new AlwaysSecure(IsSecure)
    {
        Name = Name(name),
        Path = "/",
        HttpOnly = true,
        IsEssential = true,
        SameSite = SameSiteMode.Lax,
        SecurePolicy = CookieSecurePolicy.SameAsRequest,
    };

    // Said by the public address rather than by the connection, which is plain behind a proxy that ends TLS.
    private sealed class AlwaysSecure(bool secure) : CookieBuilder
    {
        public override CookieOptions Build(HttpContext context, DateTimeOffset expiresFrom)
        {
            var options = base.Build(context, expiresFrom);
            options.Secure = secure;
            return options;
        }
    }
}

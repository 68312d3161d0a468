namespace Platform.Api.Identity.TokenBinding;

/// <summary>The names by which the parts of key binding know each other.</summary>
internal static class KeyBinding
{
    /// <summary>Of a code or refresh token: the thumbprint of the key that it is for. Never leaves the server, which alone reads these.</summary>
    public const string Claim = "platform_dpop_jkt";

    /// <summary>Of a transaction: the thumbprint of the key that was proved.</summary>
    public const string Property = "platform.dpop.jkt";

    /// <summary>Of a client: tokens are issued with a proof only (RFC 9449, section 5.2, <c>dpop_bound_access_tokens</c>).</summary>
    public const string Requirement = "ft:dpop";

    /// <summary>The parameter of an authorization request that names the key (RFC 9449, section 10).</summary>
    public const string Parameter = "dpop_jkt";

    /// <summary>Of a client, among its properties: the subject of the certificates that it authenticates with (RFC 8705, section 2.1.2).</summary>
    public const string Subject = Platform.EntityFrameworkCore.Identity.CertifiedSubject.Property;
}

using System.ComponentModel.DataAnnotations;

namespace Platform.TokenBinding.Certificates;

/// <summary>How tokens are bound to client certificates (RFC 8705).</summary>
public sealed class CertificateBindingOptions
{
    /// <summary>Whether the host asks for client certificates, and tokens that were asked for with one are bound to it.</summary>
    /// <value>False by default.</value>
    public bool Enabled { get; set; }

    /// <summary>The header in which trusted proxies hand on the client's certificate, such as <c>Client-Cert</c> (RFC 9440) or <c>X-Forwarded-Client-Cert</c>.</summary>
    /// <value>None by default: certificates are those of the connection.</value>
    [StringLength(100)]
    [RegularExpression("[A-Za-z0-9-]*")]
    public string? ForwardedHeader { get; set; }

    /// <summary>
    /// Files with the certificates of authorities whose clients may authenticate by certificate (<c>tls_client_auth</c>), in PEM. Without any,
    /// only certificates that a client registered itself count (<c>self_signed_tls_client_auth</c>).
    /// </summary>
    /// <value>None by default; up to 20.</value>
    [MaxLength(20)]
    public IList<string> Authorities { get; } = [];
}

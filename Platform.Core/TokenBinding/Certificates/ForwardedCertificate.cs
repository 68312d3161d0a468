using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Platform.TokenBinding.Certificates;

/// <summary>Reads a client certificate from the header of a proxy that ends TLS.</summary>
public static class ForwardedCertificate
{
    /// <summary>The longest value that is read, in characters.</summary>
    public const int MaxLength = 16 * 1024;

    /// <summary>
    /// Reads one certificate, in any of the forms that proxies use: a byte sequence between colons (RFC 9440, section 2.2), Envoy's
    /// <c>Cert="..."</c> element with percent-encoded PEM, percent-encoded PEM alone (nginx), PEM, or base64 of DER.
    /// </summary>
    /// <returns>The certificate, which the caller disposes of; null where it is none.</returns>
    public static X509Certificate2? TryRead(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var text = value.AsSpan().Trim();
        if (text.Length is 0 or > MaxLength)
        {
            return null;
        }

        try
        {
            if (text[0] == ':')
            {
                return text.Length > 2 && text[^1] == ':' ? FromBase64(text[1..^1]) : null;
            }

            if (Element(text, "Cert=") is { } element)
            {
                return FromPem(Uri.UnescapeDataString(element));
            }

            var plain = text.Contains('%') ? Uri.UnescapeDataString(text.ToString()) : text.ToString();
            return plain.StartsWith("-----BEGIN", StringComparison.Ordinal) ? FromPem(plain) : FromBase64(plain);
        }
        catch (CryptographicException)
        {
            return null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static X509Certificate2 FromPem(string pem) => X509Certificate2.CreateFromPem(pem);

    private static X509Certificate2? FromBase64(ReadOnlySpan<char> text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64Chars(text, bytes, out var length) && length > 0
            ? X509CertificateLoader.LoadCertificate(bytes.AsSpan(0, length))
            : null;
    }

    // The last element of the list is the one that the nearest proxy added; within it, pairs are separated by semicolons.
    private static string? Element(ReadOnlySpan<char> text, string name)
    {
        var last = LastElement(text);
        foreach (var range in last.Split(';'))
        {
            var pair = last[range].Trim();
            if (pair.StartsWith(name, StringComparison.OrdinalIgnoreCase))
            {
                return pair[name.Length..].Trim('"').ToString();
            }
        }

        return null;
    }

    private static ReadOnlySpan<char> LastElement(ReadOnlySpan<char> text)
    {
        var quoted = false;
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '"')
            {
                quoted = !quoted;
            }
            else if (text[i] == ',' && !quoted)
            {
                start = i + 1;
            }
        }

        return text[start..];
    }
}

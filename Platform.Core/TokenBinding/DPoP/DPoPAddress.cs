using System.Text;

namespace Platform.TokenBinding.DPoP;

/// <summary>Compares addresses as RFC 9449, section 4.3, wants it: without query and fragment, normalized (RFC 3986, sections 6.2.2 and 6.2.3).</summary>
internal static class DPoPAddress
{
    /// <summary>Whether the claim is the address of the request.</summary>
    /// <param name="claim">The claim <c>htu</c>, in UTF-8.</param>
    /// <param name="address">Absolute, without query and fragment.</param>
    public static bool Same(ReadOnlySpan<byte> claim, string address)
    {
        if (Ascii.Equals(claim, address))
        {
            return true;
        }

        // Anything else than the characters of a URI is none; a backslash would be read as a slash.
        foreach (var b in claim)
        {
            if (b is <= (byte)' ' or >= 0x7f or (byte)'\\' or (byte)'"' or (byte)'<' or (byte)'>' or (byte)'^' or (byte)'`' or (byte)'{' or (byte)'|' or (byte)'}')
            {
                return false;
            }
        }

        return Uri.TryCreate(Encoding.ASCII.GetString(claim), UriKind.Absolute, out var claimed)
            && (claimed.Scheme is "http" or "https") && claimed.UserInfo.Length == 0
            && Uri.TryCreate(address, UriKind.Absolute, out var real)
            && Normal(claimed) == Normal(real);
    }

    private static string Normal(Uri uri) =>
        uri.GetComponents(UriComponents.Scheme | UriComponents.Host | UriComponents.StrongPort | UriComponents.Path, UriFormat.UriEscaped);
}

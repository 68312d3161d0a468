using System.Net;
using System.Net.Sockets;

namespace Platform.TokenBinding.Fingerprints;

/// <summary>Says which network an address is in.</summary>
public static class NetworkPrefix
{
    /// <summary>Names the network, such as <c>192.0.2.0/24</c>. An IPv4 address in IPv6 form (RFC 4291, section 2.5.5.2) is an IPv4 address.</summary>
    /// <param name="address">The address; null where the connection has none.</param>
    /// <param name="ipv4Prefix">Bits of an IPv4 address.</param>
    /// <param name="ipv6Prefix">Bits of an IPv6 address.</param>
    public static string Of(IPAddress? address, int ipv4Prefix, int ipv6Prefix)
    {
        if (address is null)
        {
            return "none";
        }

        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var bits = plain.AddressFamily is AddressFamily.InterNetwork ? ipv4Prefix : ipv6Prefix;
        var bytes = plain.GetAddressBytes();
        for (var i = 0; i < bytes.Length; i++)
        {
            var kept = Math.Clamp(bits - (i * 8), 0, 8);
            bytes[i] &= (byte)(0xff << (8 - kept));
        }

        return $"{new IPAddress(bytes)}/{bits}";
    }
}

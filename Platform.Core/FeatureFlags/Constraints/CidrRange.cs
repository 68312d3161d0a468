using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Platform.FeatureFlags;

/// <summary>An IP range in CIDR notation (RFC 4632, RFC 4291), or a single address. Bits after the prefix do not matter.</summary>
internal readonly record struct CidrRange
{
    private readonly UInt128 _network;
    private readonly UInt128 _mask;
    private readonly bool _v6;

    private CidrRange(UInt128 address, int prefix, bool v6)
    {
        var bits = v6 ? 128 : 32;
        _mask = prefix == 0 ? 0 : UInt128.MaxValue << (bits - prefix);
        _network = address & _mask;
        _v6 = v6;
    }

    public static bool TryParse(ReadOnlySpan<char> text, out CidrRange range)
    {
        range = default;
        text = text.Trim();
        var slash = text.IndexOf('/');
        if (!TryParseAddress(slash < 0 ? text : text[..slash], out var address, out var v6))
        {
            return false;
        }

        var prefix = v6 ? 128 : 32;
        if (slash >= 0 && (!int.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out prefix) || prefix > (v6 ? 128 : 32)))
        {
            return false;
        }

        range = new CidrRange(address, prefix, v6);
        return true;
    }

    /// <summary>Reads an address: IPv4 as four decimal numbers only, IPv6 by RFC 4291. An IPv4-mapped address counts as IPv4.</summary>
    public static bool TryParseAddress(ReadOnlySpan<char> text, out UInt128 address, out bool v6)
    {
        address = 0;
        v6 = false;
        if (!text.Contains(':') && !IsDottedQuad(text))
        {
            return false;
        }

        if (text.ContainsAny("[]%") || !IPAddress.TryParse(text, out var parsed))
        {
            return false;
        }

        v6 = parsed.AddressFamily == AddressFamily.InterNetworkV6 && !parsed.IsIPv4MappedToIPv6;
        Span<byte> bytes = stackalloc byte[16];
        parsed.TryWriteBytes(bytes, out var written);
        address = written == 16 ? BinaryPrimitives.ReadUInt128BigEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
        if (written == 16 && !v6)
        {
            address &= uint.MaxValue;
        }

        return true;
    }

    public bool Holds(UInt128 address, bool v6) => v6 == _v6 && (address & _mask) == _network;

    // IPAddress takes 127.1, 0x7f000001 and 017700000001 too.
    private static bool IsDottedQuad(ReadOnlySpan<char> text)
    {
        var parts = 0;
        foreach (var range in text.Split('.'))
        {
            var part = text[range];
            if (part.Length is 0 or > 3 || part.ContainsAnyExceptInRange('0', '9') || (part.Length > 1 && part[0] == '0'))
            {
                return false;
            }

            parts++;
        }

        return parts == 4;
    }
}

using System.Buffers.Binary;
using System.Globalization;
using System.Net;

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
        if (!text.Contains(':'))
        {
            // Not by IPAddress, which takes 127.1, 0x7f000001 and 017700000001 too, and allocates.
            return TryParseDottedQuad(text, out address);
        }

        if (text.ContainsAny("[]%") || !IPAddress.TryParse(text, out var parsed))
        {
            return false;
        }

        v6 = !parsed.IsIPv4MappedToIPv6;
        Span<byte> bytes = stackalloc byte[16];
        parsed.TryWriteBytes(bytes, out _);
        address = BinaryPrimitives.ReadUInt128BigEndian(bytes) & (v6 ? UInt128.MaxValue : uint.MaxValue);
        return true;
    }

    public bool Holds(UInt128 address, bool v6) => v6 == _v6 && (address & _mask) == _network;

    private static bool TryParseDottedQuad(ReadOnlySpan<char> text, out UInt128 address)
    {
        address = 0;
        var value = 0u;
        for (var i = 0; i < 4; i++)
        {
            var dot = i < 3 ? text.IndexOf('.') : text.Length;
            if (dot is < 1 or > 3 || (dot > 1 && text[0] == '0')
                || !byte.TryParse(text[..dot], NumberStyles.None, CultureInfo.InvariantCulture, out var part))
            {
                return false;
            }

            value = (value << 8) | part;
            text = text[Math.Min(dot + 1, text.Length)..];
        }

        address = value;
        return true;
    }
}

using System.Net;

namespace Platform.ServiceDefaults.TokenBinding;

/// <summary>Knows which peers are proxies of ours.</summary>
internal sealed class TrustedProxies(IReadOnlyList<IPNetwork> networks)
{
    public IReadOnlyList<IPNetwork> Networks => networks;

    /// <summary>Reads addresses and networks; null where one is neither.</summary>
    public static IReadOnlyList<IPNetwork>? Parse(IEnumerable<string> texts)
    {
        List<IPNetwork> networks = [];
        foreach (var text in texts)
        {
            if (IPNetwork.TryParse(text, out var network))
            {
                networks.Add(network);
            }
            else if (IPAddress.TryParse(text, out var address))
            {
                networks.Add(new IPNetwork(address, address.GetAddressBytes().Length * 8));
            }
            else
            {
                return null;
            }
        }

        return networks;
    }

    public bool Contains(IPAddress? peer)
    {
        if (peer is null)
        {
            return false;
        }

        var plain = peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer;
        foreach (var network in networks)
        {
            if (network.Contains(plain))
            {
                return true;
            }
        }

        return false;
    }
}

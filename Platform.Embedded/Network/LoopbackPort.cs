using System.Net;
using System.Net.Sockets;

namespace Platform.Embedded.Network;

/// <summary>TCP ports on 127.0.0.1.</summary>
internal static class LoopbackPort
{
    /// <summary>A port that was free a moment ago.</summary>
    public static int FindFree()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

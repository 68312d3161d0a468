using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Platform.Embedded.Network;

/// <summary>
/// A TCP port on loopback that is held until whoever is to listen on it starts, so that nobody else is given it meanwhile.
/// </summary>
internal sealed class LoopbackPort : IDisposable
{
    // Below the ranges from which systems take ports for outgoing connections (Linux from 32768, IANA from 49152): one
    // of those could take the port between its release and the start of whoever listens.
    private const int First = 20_000;
    private const int Last = 32_000;
    private const int Tries = 200;
    private readonly Socket _holder;

    private LoopbackPort(Socket holder, int number)
    {
        _holder = holder;
        Number = number;
    }

    public int Number { get; }

    /// <summary>A free port that nobody holds now. For those who can try again.</summary>
    public static int FindFree()
    {
        using var port = HoldFree();
        return port.Number;
    }

    /// <summary>Holds a free port.</summary>
    public static LoopbackPort HoldFree()
    {
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            if (TryHold(RandomNumberGenerator.GetInt32(First, Last)) is { } port)
            {
                return port;
            }
        }
        throw new EmbeddedException($"No free port was found between {First} and {Last}.");
    }

    /// <summary>Holds this port, or gives null where it is taken.</summary>
    public static LoopbackPort? TryHold(int number)
    {
        // Listeners for localhost take both addresses.
        if (Socket.OSSupportsIPv6 && Bind(IPAddress.IPv6Loopback, number) is var (six, taken))
        {
            six?.Dispose();
            if (taken)
            {
                return null;
            }
        }
        var (four, _) = Bind(IPAddress.Loopback, number);
        return four is null ? null : new LoopbackPort(four, number);
    }

    public void Dispose() => _holder.Dispose();

    private static (Socket? Socket, bool Taken) Bind(IPAddress address, int number)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (!OperatingSystem.IsWindows())
            {
                // As servers do: a port whose last connections are still in TIME_WAIT is free.
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            }
            socket.Bind(new IPEndPoint(address, number));
            // Two sockets may be bound with that option; only one may listen.
            socket.Listen(1);
            return (socket, false);
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            return (null, exception.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied);
        }
    }
}

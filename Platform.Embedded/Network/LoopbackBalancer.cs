using System.Net;
using System.Net.Sockets;

namespace Platform.Embedded.Network;

/// <summary>
/// Listens on one port and passes each connection on to one of several, in turn. It looks at no byte of it, so whatever is
/// spoken works; a connection stays with its replica for as long as it lives.
/// </summary>
internal sealed class LoopbackBalancer : IDisposable
{
    private const int MaxConnections = 2_000;
    private readonly Func<IReadOnlyList<int>> _targets;
    private readonly List<TcpListener> _listeners = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _connections = new(MaxConnections);
    private int _turn = -1;

    /// <param name="port">Where it listens, on both loopback addresses.</param>
    /// <param name="targets">The ports of the replicas that take connections now. Asked for each connection.</param>
    public LoopbackBalancer(int port, Func<IReadOnlyList<int>> targets)
    {
        _targets = targets;
        foreach (var address in Socket.OSSupportsIPv6 ? new[] { IPAddress.Loopback, IPAddress.IPv6Loopback } : [IPAddress.Loopback])
        {
            var listener = new TcpListener(address, port);
            try
            {
                listener.Start();
            }
            catch (SocketException) when (address.Equals(IPAddress.IPv6Loopback))
            {
                // A machine whose IPv6 is switched off.
                continue;
            }
            _listeners.Add(listener);
            _ = AcceptAsync(listener);
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _listeners.ForEach(listener => listener.Dispose());
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                await _connections.WaitAsync(_stop.Token);
                _ = PassOnAsync(await listener.AcceptSocketAsync(_stop.Token));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task PassOnAsync(Socket client)
    {
        try
        {
            using (client)
            using (var server = await ConnectAsync())
            {
                if (server is not null)
                {
                    client.NoDelay = server.NoDelay = true;
                    await Task.WhenAll(OneWayAsync(client, server), OneWayAsync(server, client));
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One side broke off; both are closed.
        }
        finally
        {
            _connections.Release();
        }
    }

    /// <summary>The next replica that takes the connection; null when none does.</summary>
    private async Task<Socket?> ConnectAsync()
    {
        var targets = _targets();
        var first = (uint)Interlocked.Increment(ref _turn);
        for (uint index = 0; index < targets.Count; index++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, targets[(int)((first + index) % (uint)targets.Count)], _stop.Token);
                return socket;
            }
            catch (SocketException)
            {
                socket.Dispose();
            }
        }
        return null;
    }

    /// <summary>Carries one direction. Where it breaks off, so does the other: it would wait for what nobody sends any more.</summary>
    private async Task OneWayAsync(Socket from, Socket to)
    {
        try
        {
            await CopyAsync(from, to);
        }
        catch
        {
            from.Close();
            to.Close();
            throw;
        }
    }

    private async Task CopyAsync(Socket from, Socket to)
    {
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await from.ReceiveAsync(buffer, _stop.Token)) > 0)
        {
            for (var sent = 0; sent < read;)
            {
                sent += await to.SendAsync(buffer.AsMemory(sent, read - sent), _stop.Token);
            }
        }
        // The other direction may go on.
        to.Shutdown(SocketShutdown.Send);
    }
}

using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Platform.Embedded.Network;

namespace Platform.Testing;

/// <summary>Stands between clients and a server on loopback, so that a test can cut its own connections while the server goes on for others.</summary>
public sealed class CuttableProxy : IAsyncDisposable
{
    private readonly int _target;
    private readonly ConcurrentDictionary<TcpClient, byte> _open = new();
    private TcpListener _listener;
    private Task _accepting;

    public CuttableProxy(int target)
    {
        _target = target;
        Port = LoopbackPort.FindFree();
        _listener = Listen();
        _accepting = AcceptAsync(_listener);
    }

    /// <summary>The port on 127.0.0.1 that clients take.</summary>
    public int Port { get; }

    /// <summary>Host and port, as in <c>127.0.0.1:6379</c>.</summary>
    public string EndPoint => string.Create(CultureInfo.InvariantCulture, $"{IPAddress.Loopback}:{Port}");

    /// <summary>Breaks off every connection.</summary>
    public void Cut()
    {
        foreach (var client in _open.Keys)
        {
            client.Dispose();
        }
    }

    /// <summary>Breaks off every connection, and takes none until <see cref="Resume"/>.</summary>
    public async Task StopAsync()
    {
        _listener.Dispose();
        await _accepting;
        Cut();
    }

    /// <summary>Takes connections again.</summary>
    public void Resume()
    {
        _listener = Listen();
        _accepting = AcceptAsync(_listener);
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, Port);
        listener.Start();
        return listener;
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        while (true)
        {
            try
            {
                _ = CarryAsync(await listener.AcceptTcpClientAsync());
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
        }
    }

    private async Task CarryAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using var _ = client;
        _open[client] = 0;
        _open[server] = 0;
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _target);
            client.NoDelay = server.NoDelay = true;
            await Task.WhenAny(client.GetStream().CopyToAsync(server.GetStream()), server.GetStream().CopyToAsync(client.GetStream()));
        }
        catch (Exception exception) when (exception is SocketException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut, or the server is gone.
        }
        finally
        {
            _open.TryRemove(client, out byte _);
            _open.TryRemove(server, out byte _);
        }
    }
}

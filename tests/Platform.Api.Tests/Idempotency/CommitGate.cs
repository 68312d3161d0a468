using System.Net;
using System.Net.Sockets;
using System.Text;
using Platform.Testing;

namespace Platform.Api.Tests.Idempotency;

/// <summary>Where a commit is kept back on its way.</summary>
public enum Gate
{
    /// <summary>Before the server hears of it.</summary>
    Commit,

    /// <summary>When the server has done it, and before who asked for it is told.</summary>
    Confirmation,
}

/// <summary>
/// Stands between a process and PostgreSQL, and lets the commit of a transaction that did something no further: whoever is killed then dies at exactly that
/// moment.
/// </summary>
internal sealed class CommitGate : IAsyncDisposable
{
    // PostgreSQL manual, "Message Formats": a simple Query and CommandComplete both are length, text and a zero byte behind the letter.
    private static readonly byte[] Commit = [0, 0, 0, 11, .. "COMMIT\0"u8];

    private readonly int _target;
    private readonly byte[] _mark;
    private readonly Gate _gate;
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _end = new();
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _accepting;

    /// <param name="target">The server's port on loopback.</param>
    /// <param name="mark">What a transaction has to have said for its commit to be kept back.</param>
    /// <param name="gate">Where it is.</param>
    public CommitGate(int target, string mark, Gate gate)
    {
        _target = target;
        _mark = Encoding.UTF8.GetBytes(mark);
        _gate = gate;
        Port = FreePort.Find();
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>Ends when a commit is kept back.</summary>
    public Task Reached => _reached.Task;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        var carried = new List<Task>();
        try
        {
            while (true)
            {
                carried.Add(CarryAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(carried);
        }
    }

    private async Task CarryAsync(TcpClient client)
    {
        using var one = client;
        using var server = new TcpClient { NoDelay = true };
        client.NoDelay = true;
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _target, _end.Token);
            var marked = new StrongBox();
            await Task.WhenAny(
                PumpAsync(client.GetStream(), server.GetStream(), marked, _gate is Gate.Commit),
                PumpAsync(server.GetStream(), client.GetStream(), marked, _gate is Gate.Confirmation));
        }
        catch (Exception exception) when (exception is SocketException or IOException or OperationCanceledException)
        {
            // One of the two is gone.
        }
    }

    private async Task PumpAsync(NetworkStream from, NetworkStream to, StrongBox marked, bool gated)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            int read;
            while ((read = await from.ReadAsync(buffer, _end.Token)) > 0)
            {
                var said = buffer.AsMemory(0, read);
                marked.Value |= said.Span.IndexOf(_mark) >= 0;
                if (gated && marked.Value && said.Span.IndexOf(Commit) >= 0)
                {
                    _reached.TrySetResult();
                    await Task.Delay(Timeout.InfiniteTimeSpan, _end.Token);
                }

                await to.WriteAsync(said, _end.Token);
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // One of the two is gone.
        }
    }

    private sealed class StrongBox
    {
        public volatile bool Value;
    }
}

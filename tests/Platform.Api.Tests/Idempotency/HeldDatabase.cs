using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Platform.Api.Tests.Idempotency;

/// <summary>Stands between a process and its database, and once it is told to, keeps back what the database answers to a commit.</summary>
internal sealed class HeldDatabase : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly (string Host, int Port) _database;
    private readonly Task _accepting;
    private int _holds;

    public HeldDatabase(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        _database = (builder.Host!, builder.Port);
        _listener.Start();
        builder.Host = "127.0.0.1";
        builder.Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        builder.SslMode = SslMode.Disable;
        builder.GssEncryptionMode = GssEncryptionMode.Disable;
        ConnectionString = builder.ConnectionString;
        _accepting = AcceptAsync();
    }

    public string ConnectionString { get; }

    /// <summary>From now on, whoever commits waits for ever.</summary>
    public void Hold() => Volatile.Write(ref _holds, 1);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_end.Token));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using (client)
            {
                using var database = new TcpClient();
                await database.ConnectAsync(_database.Host, _database.Port, _end.Token);
                var (near, far) = (client.GetStream(), database.GetStream());
                var held = new TaskCompletionSource();
                await Task.WhenAny(AskAsync(near, far, held), AnswerAsync(far, near, held.Task));
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One of the two is gone.
        }
    }

    private async Task AskAsync(NetworkStream near, NetworkStream far, TaskCompletionSource held)
    {
        var buffer = new byte[16_384];
        int read;
        while ((read = await near.ReadAsync(buffer, _end.Token)) > 0)
        {
            if (Volatile.Read(ref _holds) == 1 && buffer.AsSpan(0, read).IndexOf("COMMIT"u8) >= 0)
            {
                held.TrySetResult();
            }

            await far.WriteAsync(buffer.AsMemory(0, read), _end.Token);
        }
    }

    private async Task AnswerAsync(NetworkStream far, NetworkStream near, Task held)
    {
        var buffer = new byte[16_384];
        int read;
        while ((read = await far.ReadAsync(buffer, _end.Token)) > 0)
        {
            if (!held.IsCompleted)
            {
                await near.WriteAsync(buffer.AsMemory(0, read), _end.Token);
            }
        }
    }
}

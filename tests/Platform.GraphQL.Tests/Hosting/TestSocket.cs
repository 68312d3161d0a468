using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Platform.GraphQL.Tests.Hosting;

/// <summary>A client of <c>graphql-transport-ws</c> that does only what a test says.</summary>
internal sealed class TestSocket : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ClientWebSocket _socket = new();
    private Task<JsonElement>? _early;

    public static async Task<TestSocket> ConnectAsync(Uri url, string protocol = "graphql-transport-ws", Action<ClientWebSocketOptions>? configure = null)
    {
        var client = new TestSocket();
        client._socket.Options.AddSubProtocol(protocol);
        configure?.Invoke(client._socket.Options);
        await client._socket.ConnectAsync(new UriBuilder(url) { Scheme = "ws" }.Uri, TestContext.Current.CancellationToken);
        return client;
    }

    /// <summary>Connects and says who it is.</summary>
    public static async Task<TestSocket> OpenAsync(Uri url, string? token = null)
    {
        var client = await ConnectAsync(url);
        await client.SendAsync(new { type = "connection_init", payload = new { authorization = token } });
        Assert.Equal("""{"type":"connection_ack"}""", (await client.ReceiveAsync()).GetRawText());
        return client;
    }

    public Task SendAsync(object message) => SendAsync(JsonSerializer.Serialize(message));

    public Task SendAsync(string text, WebSocketMessageType type = WebSocketMessageType.Text) =>
        _socket.SendAsync(Encoding.UTF8.GetBytes(text), type, endOfMessage: true, TestContext.Current.CancellationToken);

    public Task SubscribeAsync(string id, string query, object? extensions = null) =>
        SendAsync(new { id, type = "subscribe", payload = new { query, extensions } });

    /// <summary>The next message.</summary>
    public async Task<JsonElement> ReceiveAsync()
    {
        if (_early is { } early)
        {
            _early = null;
            return await early;
        }

        var (text, _) = await ReadAsync();
        return JsonSerializer.Deserialize<JsonElement>(text ?? throw new InvalidOperationException($"The socket was closed: {_socket.CloseStatus} {_socket.CloseStatusDescription}"));
    }

    /// <summary>The next message, if one comes in time; the one that comes later is the next one's.</summary>
    public async Task<JsonElement?> TryReceiveAsync(TimeSpan patience)
    {
        _early ??= ReceiveAsync();
        if (await Task.WhenAny(_early, Task.Delay(patience, TestContext.Current.CancellationToken)) != _early)
        {
            return null;
        }

        var message = await _early;
        _early = null;
        return message;
    }

    /// <summary>Waits until the other side closes, passing over messages.</summary>
    public async Task<(int Code, string? Reason)> ClosedAsync()
    {
        while (true)
        {
            var (text, closed) = await ReadAsync();
            if (closed)
            {
                return ((int)_socket.CloseStatus!, _socket.CloseStatusDescription);
            }

            _ = text;
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            using var limit = new CancellationTokenSource(Patience);
            if (_socket.State is WebSocketState.Open)
            {
                await _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // The other side is gone.
        }

        _socket.Dispose();
    }

    private async Task<(string? Text, bool Closed)> ReadAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        using var message = new MemoryStream();
        var buffer = new byte[16_384];
        while (true)
        {
            var received = await _socket.ReceiveAsync(buffer, limit.Token);
            if (received.MessageType is WebSocketMessageType.Close)
            {
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);
                return (null, true);
            }

            message.Write(buffer, 0, received.Count);
            if (received.EndOfMessage)
            {
                return (Encoding.UTF8.GetString(message.ToArray()), false);
            }
        }
    }
}

using System.Buffers;
using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Platform.Errors;
using Platform.GraphQL.Errors;
using Platform.GraphQL.Transport;

namespace Platform.GraphQL.Subscriptions.WebSockets;

/// <summary>One WebSocket of <c>graphql-transport-ws</c>, from its first message to its close.</summary>
internal sealed class SocketConnection(
    WebSocket socket,
    HttpContext http,
    ConnectionLimits.Place place,
    TokenEnds tokens,
    OperationRunner runner,
    ResponseStreams responses,
    ResultWriter results,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    SubscriptionOptions options,
    int maxMessageBytes,
    ILogger logger) : IDisposable
{
    private const int MaxIdLength = 128;
    private const int ReceiveBytes = 4_096;

    // How long the other side has to answer a close.
    private static readonly TimeSpan CloseGrace = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, CancellationTokenSource> _operations = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Task, bool> _running = new();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly CancellationTokenSource _life = new();
    private int _closing;
    private bool _initialised;
    private bool _acknowledged;
    private TokenEnd? _token;

    /// <summary>Reads messages until the socket is closed, by whichever side.</summary>
    public async Task RunAsync()
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, _life.Token);
        await using var init = time.CreateTimer(_ => _ = CloseIfUnknownAsync(), null, options.InitTimeout, Timeout.InfiniteTimeSpan);
        using var stopping = lifetime.ApplicationStopping.Register(() => _ = CloseAsync(CloseCode.GoingAway, "The service stops"));
        try
        {
            await ReadAsync(linked.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException or IOException)
        {
            // The other side is gone, or did not answer.
        }
        finally
        {
            _token?.Dispose();
            await _life.CancelAsync();
            StopAll();
            await Task.WhenAll(_running.Keys).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose()
    {
        _life.Dispose();
        _sending.Dispose();
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        var message = new ArrayBufferWriter<byte>(ReceiveBytes);
        while (true)
        {
            var received = await socket.ReceiveAsync(message.GetMemory(ReceiveBytes), cancellationToken);
            if (received.MessageType is WebSocketMessageType.Close)
            {
                if (socket.State is WebSocketState.CloseReceived)
                {
                    await socket.CloseOutputAsync(socket.CloseStatus ?? WebSocketCloseStatus.NormalClosure, null, cancellationToken);
                }

                return;
            }

            message.Advance(received.Count);
            if (message.WrittenCount > maxMessageBytes)
            {
                await CloseAsync(CloseCode.MessageTooBig, $"A message has at most {maxMessageBytes} bytes");
                return;
            }

            if (!received.EndOfMessage)
            {
                continue;
            }

            // What is still under way when the socket is being closed belongs to nobody.
            if (Volatile.Read(ref _closing) == 0)
            {
                await HandleAsync(received.MessageType, message.WrittenMemory);
            }

            message.ResetWrittenCount();
        }
    }

    private async Task HandleAsync(WebSocketMessageType type, ReadOnlyMemory<byte> text)
    {
        if (type is not WebSocketMessageType.Text)
        {
            await CloseAsync(CloseCode.BadRequest, "Messages are text");
            return;
        }

        try
        {
            using var json = JsonDocument.Parse(text, RequestJson.DocumentOptions);
            await HandleAsync(json.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Not JSON, or of other kinds than the protocol has, or text that is no Unicode.
            await CloseAsync(CloseCode.BadRequest, "The message is none of the protocol");
        }
    }

    private Task HandleAsync(JsonElement message) => message.Text("type") switch
    {
        "connection_init" => InitAsync(message),
        "ping" => SendAsync(writer => WritePong(writer, message)),
        "pong" => Task.CompletedTask,
        "subscribe" => SubscribeAsync(message),
        "complete" => StopAsync(message),
        _ => CloseAsync(CloseCode.BadRequest, "The type of the message is unknown"),
    };

    // "ConnectionInit"
    private async Task InitAsync(JsonElement message)
    {
        if (_initialised)
        {
            await CloseAsync(CloseCode.TooManyInitialisationRequests, "Too many initialisation requests");
            return;
        }

        _initialised = true;
        try
        {
            var brought = message.TryGetProperty("payload", out var payload) ? ConnectionToken.Read(payload) : null;
            if (await ConnectionToken.AuthenticateAsync(http, brought, _life.Token) is not { } caller)
            {
                await CloseAsync(CloseCode.Forbidden, "Forbidden");
                return;
            }

            http.User = caller;
        }
        catch (ErrorException refusal)
        {
            Log.RequestRefused(logger, refusal.Code.Code, refusal.Message);
            await CloseAsync(refusal.Code.Status >= StatusCodes.Status500InternalServerError ? CloseCode.TryAgainLater : CloseCode.Forbidden, refusal.Message);
            return;
        }

        if (!place.TryBelongTo(http.User))
        {
            await CloseAsync(CloseCode.TryAgainLater, "This caller has too many connections");
            return;
        }

        var token = _token = tokens.Of(http.User);
        token.Reached.Register(() => _ = CloseAsync(CloseCode.Forbidden, token.Reason));
        await SendAsync(static writer => WriteType(writer, "connection_ack"));
        _acknowledged = true;
    }

    // "Subscribe"
    private Task SubscribeAsync(JsonElement message)
    {
        if (!_acknowledged)
        {
            return CloseAsync(CloseCode.Unauthorized, "Unauthorized");
        }

        if (message.Text("id") is not { Length: > 0 and <= MaxIdLength } id || !message.TryGetProperty("payload", out var payload))
        {
            return CloseAsync(CloseCode.BadRequest, "The message has no id or no payload");
        }

        if (!RequestJson.TryRead(payload, out var parameters, out var refusal))
        {
            return SendErrorAsync(id, [new PublicError(refusal.Code, refusal.Message) { RetryAfter = refusal.RetryAfter }]);
        }

        if (_operations.Count >= options.MaxOperationsPerConnection)
        {
            return SendErrorAsync(id, [new PublicError(ErrorCode.RateLimitExceeded, $"A connection has at most {options.MaxOperationsPerConnection} operations under way.")]);
        }

        var operation = CancellationTokenSource.CreateLinkedTokenSource(_life.Token, http.RequestAborted);
        if (!_operations.TryAdd(id, operation))
        {
            operation.Dispose();
            return CloseAsync(CloseCode.SubscriberAlreadyExists, $"Subscriber for {id} already exists");
        }

        var running = RunAsync(id, parameters, operation);
        _running[running] = true;
        _ = running.ContinueWith(static (ended, all) => ((ConcurrentDictionary<Task, bool>)all!).TryRemove(ended, out _), _running, TaskScheduler.Default);
        return Task.CompletedTask;
    }

    private async Task RunAsync(string id, RequestParameters parameters, CancellationTokenSource operation)
    {
        // What follows is not part of reading messages.
        await Task.Yield();
        try
        {
            await using var inner = new InnerRequest(http, http.User, operation.Token);
            var exchange = runner.Begin(inner.Http, parameters);
            exchange.AcceptsStream = true;
            var answer = await runner.RunAsync(exchange);
            if (answer is { Stream: null, HasData: false })
            {
                End(id, operation);
                await SendErrorAsync(id, answer.Errors);
                return;
            }

            if (answer.Stream is not { } stream)
            {
                await SendNextAsync(id, answer, operation);
            }
            else
            {
                await foreach (var next in responses.ReadAsync(exchange, http, stream, operation.Token))
                {
                    await SendNextAsync(id, next, operation);
                }
            }

            if (End(id, operation))
            {
                await SendAsync(writer => WriteType(writer, "complete", id));
            }
        }
        catch (OperationCanceledException)
        {
            // The client does not want it any more, or is gone.
        }
        catch (Exception exception)
        {
            Log.OperationFailed(logger, exception);
            await SendErrorAsync(id, [new PublicError(ErrorCode.InternalError, ErrorCode.InternalError.Title)]);
        }
        finally
        {
            End(id, operation);
            operation.Dispose();
        }
    }

    // False when the client ended it before.
    private bool End(string id, CancellationTokenSource operation) => _operations.TryRemove(KeyValuePair.Create(id, operation));

    private Task StopAsync(JsonElement message)
    {
        if (message.Text("id") is { } id && _operations.TryRemove(id, out var operation))
        {
            Cancel(operation);
        }

        return Task.CompletedTask;
    }

    private void StopAll()
    {
        foreach (var id in _operations.Keys)
        {
            if (_operations.TryRemove(id, out var operation))
            {
                Cancel(operation);
            }
        }
    }

    private static void Cancel(CancellationTokenSource operation)
    {
        try
        {
            operation.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has just ended by itself.
        }
    }

    private Task SendNextAsync(string id, OperationAnswer answer, CancellationTokenSource operation)
    {
        operation.Token.ThrowIfCancellationRequested();
        return SendAsync(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("id", id);
            writer.WriteString("type", "next");
            writer.WritePropertyName("payload");
            results.Write(writer, answer, http);
            writer.WriteEndObject();
        });
    }

    private Task SendErrorAsync(string id, IReadOnlyList<PublicError> errors) => SendAsync(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("id", id);
        writer.WriteString("type", "error");
        writer.WritePropertyName("payload");
        results.WriteErrors(writer, errors, http);
        writer.WriteEndObject();
    });

    private static void WriteType(Utf8JsonWriter writer, string type, string? id = null)
    {
        writer.WriteStartObject();
        if (id is not null)
        {
            writer.WriteString("id", id);
        }

        writer.WriteString("type", type);
        writer.WriteEndObject();
    }

    private static void WritePong(Utf8JsonWriter writer, JsonElement ping)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "pong");
        if (ping.TryGetProperty("payload", out var payload))
        {
            writer.WritePropertyName("payload");
            payload.WriteTo(writer);
        }

        writer.WriteEndObject();
    }

    // A client that does not read is given up. What waits for it meanwhile is bounded (MaxPending).
    private async Task SendAsync(Action<Utf8JsonWriter> write)
    {
        await _sending.WaitAsync(_life.Token);
        try
        {
            if (socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived))
            {
                return;
            }

            using (var writer = ResultWriter.Open(_output))
            {
                write(writer);
            }

            using var limit = new CancellationTokenSource(options.SendTimeout, time);
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _life.Token);
            await socket.SendAsync(_output.WrittenMemory, WebSocketMessageType.Text, endOfMessage: true, linked.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException or IOException)
        {
            Abort();
            throw new OperationCanceledException("The other side does not read.", exception);
        }
        finally
        {
            _output.ResetWrittenCount();
            _sending.Release();
        }
    }

    private Task CloseIfUnknownAsync() =>
        _acknowledged ? Task.CompletedTask : CloseAsync(CloseCode.InitialisationTimeout, "Connection initialisation timeout");

    // The loop goes on reading until the other side has answered.
    private async Task CloseAsync(CloseCode code, string reason)
    {
        if (Interlocked.Exchange(ref _closing, 1) != 0)
        {
            return;
        }

        StopAll();
        try
        {
            using var limit = new CancellationTokenSource(options.SendTimeout, time);
            await _sending.WaitAsync(limit.Token);
            try
            {
                await socket.CloseOutputAsync((WebSocketCloseStatus)code, Shortened(reason), limit.Token);
            }
            finally
            {
                _sending.Release();
            }

            _life.CancelAfter(CloseGrace);
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException or IOException or ObjectDisposedException)
        {
            Abort();
        }
    }

    // RFC 6455, section 5.5: a control frame has at most 125 bytes, two of which are the code.
    private static string Shortened(string reason) => Encoding.UTF8.GetByteCount(reason) <= 123 ? reason : reason[..Math.Min(reason.Length, 40)];

    private void Abort()
    {
        socket.Abort();
        try
        {
            _life.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It is over already.
        }
    }
}

internal static class MessageExtensions
{
    /// <summary>A member that has to be text.</summary>
    /// <exception cref="InvalidOperationException">The message is no object, or the member is of another kind.</exception>
    public static string? Text(this JsonElement message, string name) => message.TryGetProperty(name, out var value) ? value.GetString() : null;
}

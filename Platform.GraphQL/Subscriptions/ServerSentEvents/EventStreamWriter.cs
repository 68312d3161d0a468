using System.Buffers;
using System.Text;
using Platform.GraphQL.Transport;
using Platform.ServiceDefaults.Http;

namespace Platform.GraphQL.Subscriptions.ServerSentEvents;

/// <summary>Writes one event stream (HTML, section 9.2) as GraphQL over Server-Sent Events has it. One writer at a time.</summary>
internal sealed class EventStreamWriter(HttpContext http, ResultWriter results, TimeSpan sendTimeout, TimeProvider time)
{
    private readonly ArrayBufferWriter<byte> _buffer = new();

    /// <summary>Begins the stream: its headers leave at once.</summary>
    public async Task StartAsync()
    {
        var response = http.Response;
        response.StatusCode = StatusCodes.Status200OK;
        EventStream.Open(response);
        response.Headers.XContentTypeOptions = "nosniff";
        await CommentAsync();
    }

    /// <summary>Says nothing, so that the connection is not taken for dead. False when it is.</summary>
    public async Task<bool> TryCommentAsync()
    {
        try
        {
            await CommentAsync();
            return true;
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            return false;
        }
    }

    /// <summary>Writes an answer.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="id">Of which operation; null where the stream has one alone.</param>
    public Task NextAsync(OperationAnswer answer, string? id = null)
    {
        _buffer.Write("event: next\n"u8);
        if (id is null && answer.EventId is { } eventId)
        {
            _buffer.Write(Encoding.UTF8.GetBytes($"id: {eventId}\n"));
        }

        _buffer.Write("data: "u8);
        using (var writer = ResultWriter.Open(_buffer))
        {
            if (id is null)
            {
                results.Write(writer, answer, http);
            }
            else
            {
                writer.WriteStartObject();
                writer.WriteString("id", id);
                writer.WritePropertyName("payload");
                results.Write(writer, answer, http);
                writer.WriteEndObject();
            }
        }

        _buffer.Write("\n\n"u8);
        return SendAsync();
    }

    /// <summary>Writes that an operation has nothing more to say.</summary>
    public Task CompleteAsync(string? id = null)
    {
        _buffer.Write("event: complete\ndata: "u8);
        if (id is not null)
        {
            using var writer = ResultWriter.Open(_buffer);
            writer.WriteStartObject();
            writer.WriteString("id", id);
            writer.WriteEndObject();
        }

        _buffer.Write("\n\n"u8);
        return SendAsync();
    }

    private Task CommentAsync()
    {
        _buffer.Write(":\n\n"u8);
        return SendAsync();
    }

    // A client that does not read is given up: what waits for it is bounded in bytes and in time.
    private async Task SendAsync()
    {
        using var limit = new CancellationTokenSource(sendTimeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, http.RequestAborted);
        try
        {
            await http.Response.Body.WriteAsync(_buffer.WrittenMemory, linked.Token);
            await http.Response.Body.FlushAsync(linked.Token);
        }
        catch
        {
            http.Abort();
            throw;
        }
        finally
        {
            _buffer.ResetWrittenCount();
        }
    }
}

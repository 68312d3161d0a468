using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Platform.Testing;

namespace Platform.EndToEnd.Tests.Canary;

/// <summary>Takes OTLP over HTTP and keeps what came, as text: names and values are UTF-8 in protobuf.</summary>
internal sealed class Collector : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<(string Path, string Body)> _received = new();

    public Collector()
    {
        // HttpListener takes no 0.
        Address = new Uri($"http://127.0.0.1:{FreePort.Find()}/");
        _listener.Prefixes.Add(Address.ToString());
        _listener.Start();
        _ = ReceiveAsync();
    }

    public Uri Address { get; }

    public string Received(string path) => string.Concat(_received.Where(request => request.Path == path).Select(request => request.Body));

    public void Dispose() => _listener.Close();

    private async Task ReceiveAsync()
    {
        try
        {
            while (_listener.IsListening)
            {
                var context = await _listener.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                _received.Enqueue((context.Request.Url!.AbsolutePath, Encoding.UTF8.GetString(body.ToArray())));
                context.Response.ContentType = "application/x-protobuf";
                context.Response.Close();
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // Closed.
        }
    }
}

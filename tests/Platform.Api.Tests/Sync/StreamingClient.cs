using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;

namespace Platform.Api.Tests.Sync;

/// <summary>What a client of the stream has to do: keep the id of the last event beside the data, and come back with it. A random source cuts its connection.</summary>
internal sealed class StreamingClient(HttpClient http, Random? cutting)
{
    private readonly Dictionary<string, string> _data = [];

    public string? LastEventId { get; private set; }

    public int Cuts { get; private set; }

    /// <summary>What it has, by id.</summary>
    public SortedDictionary<string, string> Data
    {
        get
        {
            lock (_data)
            {
                return new(_data, StringComparer.Ordinal);
            }
        }
    }

    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await ConnectAsync(cancellationToken);
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
            {
                // It comes back.
            }
        }
    }

    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/sync/stream?limit=40");
        if (LastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", LastEventId);
        }

        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        response.EnsureSuccessStatusCode();
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var parser = SseParser.Create(stream);
        await foreach (var item in parser.EnumerateAsync(cancellationToken))
        {
            // Lost on the way, or after it arrived and before it was kept: the same to the client.
            if (cutting?.Next(4) == 0)
            {
                Cuts++;
                return;
            }

            lock (_data)
            {
                foreach (var change in JsonNode.Parse(item.Data)!["changes"]!.AsArray())
                {
                    var id = change!["id"]!.GetValue<string>();
                    if (change["deleted"]!.GetValue<bool>())
                    {
                        _data.Remove(id);
                    }
                    else
                    {
                        _data[id] = (change["customer"] ?? change["product"] ?? change["order"])!.ToJsonString();
                    }
                }
            }

            LastEventId = parser.LastEventId;
        }
    }
}

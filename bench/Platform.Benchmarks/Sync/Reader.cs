using System.Net.ServerSentEvents;
using System.Text.Json;
using Npgsql;

namespace Platform.Benchmarks.Sync;

/// <summary>Somebody who wants every change once.</summary>
internal abstract class Reader
{
    private readonly Dictionary<Guid, int> _seen = [];

    /// <summary>Changes that came again.</summary>
    public int Repeated
    {
        get
        {
            lock (_seen)
            {
                return _seen.Values.Sum(times => times - 1);
            }
        }
    }

    /// <summary>Changes that did not come.</summary>
    public int Lost(IEnumerable<Guid> committed)
    {
        lock (_seen)
        {
            return committed.Count(id => !_seen.ContainsKey(id));
        }
    }

    /// <summary>Reads until it is told to end.</summary>
    public async Task FollowAsync(CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            try
            {
                await ReadAsync(end);
            }
            catch (Exception exception) when (exception is OperationCanceledException or HttpRequestException or IOException)
            {
                // It comes back, or it is over.
            }
        }
    }

    protected abstract Task ReadAsync(CancellationToken end);

    protected void Saw(Guid id)
    {
        lock (_seen)
        {
            _seen[id] = _seen.GetValueOrDefault(id) + 1;
        }
    }

    protected void SawChanges(JsonElement answer)
    {
        foreach (var change in answer.GetProperty("changes").EnumerateArray())
        {
            Saw(change.GetProperty("id").GetGuid());
        }
    }
}

/// <summary>Asks for the next page, held back until there is one.</summary>
internal sealed class PollingReader(HttpClient http, string cursor) : Reader
{
    private string _cursor = cursor;

    /// <summary>The cursor behind everything there is.</summary>
    public static async Task<string> EndAsync(HttpClient http, CancellationToken cancellationToken)
    {
        string? cursor = null;
        while (true)
        {
            using var answer = JsonDocument.Parse(await http.GetByteArrayAsync($"/api/v1/sync?limit=500{(cursor is null ? "" : $"&cursor={cursor}")}", cancellationToken));
            cursor = answer.RootElement.GetProperty("cursor").GetString()!;
            if (!answer.RootElement.GetProperty("more").GetBoolean())
            {
                return cursor;
            }
        }
    }

    protected override async Task ReadAsync(CancellationToken end)
    {
        using var answer = JsonDocument.Parse(await http.GetByteArrayAsync($"/api/v1/sync?limit=500&wait=5&cursor={_cursor}", end));
        SawChanges(answer.RootElement);
        _cursor = answer.RootElement.GetProperty("cursor").GetString()!;
    }
}

/// <summary>Follows the stream, and loses its connection at random, with what was on its way.</summary>
internal sealed class StreamingReader(HttpClient http, string cursor, Random cutting) : Reader
{
    private string _cursor = cursor;

    public int Cuts { get; private set; }

    protected override async Task ReadAsync(CancellationToken end)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/sync/stream?limit=500") { Headers = { { "Last-Event-ID", _cursor } } };
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, end);
        response.EnsureSuccessStatusCode();
        await using var stream = await response.Content.ReadAsStreamAsync(end);
        var parser = SseParser.Create(stream);
        await foreach (var item in parser.EnumerateAsync(end))
        {
            if (cutting.Next(10) == 0)
            {
                Cuts++;
                return;
            }

            using var answer = JsonDocument.Parse(item.Data);
            SawChanges(answer.RootElement);
            _cursor = parser.LastEventId;
        }
    }
}

/// <summary>Reads the same log in the order of a column.</summary>
internal sealed class ColumnReader(string connectionString, string column, string type, string start) : Reader
{
    private string _last = start;

    protected override async Task ReadAsync(CancellationToken end)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(end);
        await using var command = new NpgsqlCommand(
            $"SELECT {column}::text, resource_id FROM platform.core_change WHERE {column} > $1::{type} ORDER BY {column} LIMIT 500", connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = _last });
        var read = 0;
        await using (var reader = await command.ExecuteReaderAsync(end))
        {
            while (await reader.ReadAsync(end))
            {
                _last = reader.GetString(0);
                Saw(reader.GetGuid(1));
                read++;
            }
        }

        if (read == 0)
        {
            await Task.Delay(20, end);
        }
    }
}

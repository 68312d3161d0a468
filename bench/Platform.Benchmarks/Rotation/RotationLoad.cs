using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Platform.Secrets;
using Platform.Secrets.Victim;

namespace Platform.Benchmarks.Rotation;

/// <summary>Clients that use all three secrets: a token for the client's secret, signed by one replica, used at the other, which asks the database.</summary>
internal sealed class RotationLoad(ISecrets secrets, Uri[] replicas) : IAsyncDisposable
{
    private const int Clients = 6;

    private static readonly TimeSpan TokenLife = TimeSpan.FromMilliseconds(500);

    // Some 300 requests a second, so that the machine gets to the rotations as well.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(15);

    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _clients = [];
    private int _served;
    private int _failed;

    public int Served => Volatile.Read(ref _served);

    public int Failed => Volatile.Read(ref _failed);

    /// <summary>What failed last.</summary>
    public string? LastFailure { get; private set; }

    public void Start()
    {
        for (var i = 0; i < Clients; i++)
        {
            var (issuer, checker) = (replicas[i % replicas.Length], replicas[(i + 1) % replicas.Length]);
            _clients.Add(Task.Run(() => RunAsync(issuer, checker)));
        }
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_clients);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task RunAsync(Uri issuer, Uri checker)
    {
        using var tokens = new HttpClient { BaseAddress = issuer };
        using var api = new HttpClient { BaseAddress = checker };
        var (token, taken) = (string.Empty, 0L);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                if (token.Length == 0 || TimeProvider.System.GetElapsedTime(taken) > TokenLife)
                {
                    taken = TimeProvider.System.GetTimestamp();
                    token = await TokenAsync(tokens);
                }

                using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/products?limit=3") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
                using var response = await api.SendAsync(request);
                Count("GET", response);
                await Task.Delay(Pause);
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException)
            {
                Interlocked.Increment(ref _failed);
                LastFailure = e.Message;
            }
        }
    }

    private async Task<string> TokenAsync(HttpClient client)
    {
        var secret = secrets.Find(RotationHost.Client)?.Current?.Value ?? "demo-secret";
        using var response = await client.PostAsync("/connect/token", new FormUrlEncodedContent(
            new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["client_id"] = "demo", ["client_secret"] = secret }));
        Count("token", response);
        return response.IsSuccessStatusCode ? JsonNode.Parse(await response.Content.ReadAsStringAsync())!["access_token"]!.GetValue<string>() : string.Empty;
    }

    private void Count(string what, HttpResponseMessage response)
    {
        if (response.IsSuccessStatusCode)
        {
            Interlocked.Increment(ref _served);
        }
        else
        {
            Interlocked.Increment(ref _failed);
            LastFailure = $"{what}: {(int)response.StatusCode}";
        }
    }
}

using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Platform.Api.Tests.Support;
using Platform.Secrets.Victim;

namespace Platform.Secrets.Tests.Chaos;

/// <summary>Two replicas under load by clients that use all three secrets: a token for the client's secret, signed by one replica, used at the other, which asks the database.</summary>
internal sealed class LoadedReplicas(ApiServer one, ApiServer two) : IAsyncDisposable
{
    private const int Clients = 4;

    // Well below what the scene takes for the life of a token.
    private static readonly TimeSpan TokenLife = TimeSpan.FromMilliseconds(500);

    // Some 100 requests a second: the machine has the rotations to do as well.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(30);

    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _clients = [];
    private readonly List<string> _failures = [];
    private int _served;

    public int Served => Volatile.Read(ref _served);

    public IReadOnlyList<string> Failures
    {
        get
        {
            lock (_failures)
            {
                return [.. _failures];
            }
        }
    }

    public void Start()
    {
        for (var i = 0; i < Clients; i++)
        {
            var (issuer, checker) = i % 2 == 0 ? (one, two) : (two, one);
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

    private async Task RunAsync(ApiServer issuer, ApiServer checker)
    {
        using var tokens = issuer.CreateClient();
        using var api = checker.CreateClient();
        var (token, taken) = (string.Empty, 0L);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                if (token.Length == 0 || TimeProvider.System.GetElapsedTime(taken) > TokenLife)
                {
                    taken = TimeProvider.System.GetTimestamp();
                    token = await TokenAsync(issuer, tokens);
                }

                using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/products?limit=3") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
                using var response = await api.SendAsync(request);
                await CheckAsync("GET", response);
                await Task.Delay(Pause, TimeProvider.System);
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException)
            {
                Fail(e.Message);
            }
        }
    }

    private async Task<string> TokenAsync(ApiServer issuer, HttpClient client)
    {
        var secret = issuer.Services.GetRequiredService<ISecrets>().Find(RotationHost.Client)?.Current?.Value ?? "demo-secret";
        using var response = await client.PostAsync("/connect/token", new FormUrlEncodedContent(
            new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["client_id"] = "demo", ["client_secret"] = secret }));
        await CheckAsync("token", response);
        return response.IsSuccessStatusCode ? JsonNode.Parse(await response.Content.ReadAsStringAsync())!["access_token"]!.GetValue<string>() : string.Empty;
    }

    private async Task CheckAsync(string what, HttpResponseMessage response)
    {
        if (response.IsSuccessStatusCode)
        {
            Interlocked.Increment(ref _served);
        }
        else
        {
            Fail($"{what}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        }
    }

    private void Fail(string what)
    {
        lock (_failures)
        {
            _failures.Add(what);
        }
    }
}

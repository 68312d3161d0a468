using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Platform.Embedded.Processes;

namespace Platform.Embedded.Engine;

/// <summary>One process of a project.</summary>
internal sealed class ProjectInstance : IInstance
{
    private static readonly TimeSpan FirstPollInterval = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan MostPollInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan WatchInterval = TimeSpan.FromMilliseconds(500);
    private static readonly HttpClient Client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromSeconds(1) })
    {
        Timeout = TimeSpan.FromSeconds(5),
    };

    private readonly ProjectResource _resource;
    private readonly ChildProcess _process;
    private readonly ProcessRecord _record;
    private readonly Action<ProjectInstance?> _rotate;
    private readonly CancellationTokenSource _gone = new();

    /// <param name="resource">The project.</param>
    /// <param name="ports">The port it listens on, by endpoint.</param>
    /// <param name="process">The running process.</param>
    /// <param name="record">Where it is written down.</param>
    /// <param name="rotate">Called with this instance when it should get connections, and with null when it should not.</param>
    public ProjectInstance(
        ProjectResource resource, IReadOnlyDictionary<string, int> ports, ChildProcess process, ProcessRecord record, Action<ProjectInstance?> rotate)
    {
        _resource = resource;
        _process = process;
        _record = record;
        _rotate = rotate;
        Ports = ports;
    }

    public IReadOnlyDictionary<string, int> Ports { get; }

    public string Description => $"process {_process.Id}";

    public Task<int> Exited => _process.Exited;

    public async Task UntilReadyAsync(CancellationToken cancellationToken)
    {
        for (var interval = FirstPollInterval; !await IsReadyAsync(cancellationToken); interval = interval * 1.2 < MostPollInterval ? interval * 1.2 : MostPollInterval)
        {
            await Task.Delay(interval, cancellationToken);
        }
        _rotate(this);
        if (_resource.Replicas > 1)
        {
            _ = WatchAsync();
        }
    }

    public Task StopAsync(TimeSpan limit) => _process.StopAsync(ChildSignal.Terminate, limit);

    public ValueTask DisposeAsync()
    {
        _gone.Cancel();
        _gone.Dispose();
        _rotate(null);
        _process.Dispose();
        _record.Remove(_process.Id);
        return ValueTask.CompletedTask;
    }

    /// <summary>Takes a replica out of the rotation while its health check fails.</summary>
    private async Task WatchAsync()
    {
        try
        {
            using var timer = new PeriodicTimer(WatchInterval);
            while (await timer.WaitForNextTickAsync(_gone.Token))
            {
                _rotate(await IsReadyAsync(_gone.Token) ? this : null);
            }
        }
        catch (OperationCanceledException)
        {
            // Gone, and out of the rotation.
        }
    }

    /// <summary>Whether all health checks pass; where there are none, whether every endpoint takes connections.</summary>
    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        foreach (var check in _resource.HealthChecks)
        {
            if (!await AnswersAsync(check, cancellationToken))
            {
                return false;
            }
        }
        if (_resource.HealthChecks.Count == 0)
        {
            foreach (var port in Ports.Values)
            {
                if (!await ListensAsync(port, cancellationToken))
                {
                    return false;
                }
            }
        }
        return true;
    }

    private async Task<bool> AnswersAsync(HttpHealthCheck check, CancellationToken cancellationToken)
    {
        var scheme = _resource.Endpoints.FirstOrDefault(endpoint => endpoint.Name == check.EndpointName)?.Scheme
            ?? throw new EmbeddedException($"The health check of '{_resource.Name}' is for the endpoint '{check.EndpointName}', which it does not have.");
        var url = string.Create(CultureInfo.InvariantCulture, $"{scheme}://localhost:{Ports[check.EndpointName]}/{check.Path.TrimStart('/')}");
        try
        {
            using var response = await Client.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return (int)response.StatusCode == check.StatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The client's own limit.
            return false;
        }
    }

    private static async Task<bool> ListensAsync(int port, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

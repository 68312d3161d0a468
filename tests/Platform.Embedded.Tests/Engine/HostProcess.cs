using System.Collections.Concurrent;
using System.Text.Json;
using Platform.Embedded.Folders;
using Platform.Embedded.Processes;
using Platform.Testing;

namespace Platform.Embedded.Tests.Engine;

/// <summary>A run of Platform.Embedded.TestHost with data of its own.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    /// <summary>Beside this test program, in the same configuration.</summary>
    private static readonly string Assembly =
        Path.GetFullPath(AppContext.BaseDirectory.Replace("Platform.Embedded.Tests", "Platform.Embedded.TestHost", StringComparison.Ordinal)) + "Platform.Embedded.TestHost.dll";

    private static readonly HttpClient Client = new() { Timeout = TimeSpan.FromSeconds(10) };
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ThrowawayFolder? _ownFolder;
    private ChildProcess? _process;

    private HostProcess(ThrowawayFolder? ownFolder, string folder)
    {
        _ownFolder = ownFolder;
        Folder = folder;
    }

    public string Folder { get; }

    public string EndpointsFile => Path.Combine(Folder, "endpoints.json");

    public string DataFolder => Path.Combine(Folder, "data");

    public int ProcessId => _process!.Id;

    public Task<int> Exited => _process!.Exited;

    public IReadOnlyCollection<string> Output => _output;

    /// <summary>What the services wrote into their common file.</summary>
    public string[] Events => File.Exists(EventsFile) ? File.ReadAllLines(EventsFile) : [];

    private string EventsFile => Path.Combine(Folder, "events");

    /// <summary>Starts the topology, and waits until it is ready.</summary>
    public static async Task<HostProcess> ReadyAsync(string topology, string? folder = null, Dictionary<string, string?>? environment = null, params string[] arguments)
    {
        var host = await StartAsync(topology, folder, environment, arguments);
        try
        {
            await host.UntilReadyAsync();
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <param name="topology">One of those in Platform.Embedded.TestHost.</param>
    /// <param name="folder">For data that is kept; null: a new one.</param>
    /// <param name="environment">More variables.</param>
    /// <param name="arguments">Default: the data and the addresses in the folder.</param>
    public static async Task<HostProcess> StartAsync(string topology, string? folder = null, Dictionary<string, string?>? environment = null, params string[] arguments)
    {
        var own = folder is null ? ThrowawayFolder.Create() : null;
        var host = new HostProcess(own, folder ?? own!.Path);
        host._process = await ChildProcess.StartAsync(
            new ChildCommand(DotnetHost.Path, ["exec", Assembly, .. arguments.Length > 0 ? arguments : ["--data", host.DataFolder, "--endpoints", host.EndpointsFile]])
            {
                Environment = new Dictionary<string, string?>(environment ?? []) { ["TOPOLOGY"] = topology, ["EVENTS"] = host.EventsFile },
            },
            host._output.Enqueue);
        return host;
    }

    public Task UntilReadyAsync() => UntilSaysAsync("ready in ");

    public async Task UntilSaysAsync(string text)
    {
        await Eventually.BecomesTrueAsync(() => Says(text) || Exited.IsCompleted, TimeSpan.FromSeconds(120), $"'{text}' in the output");
        Assert.True(Says(text), $"It ended without saying '{text}':\n{string.Join('\n', _output)}");
    }

    public bool Says(string text) => _output.Any(line => line.Contains(text, StringComparison.Ordinal));

    public void Signal(ChildSignal signal) => _process!.Signal(signal);

    /// <summary>Kills the host alone: <see cref="ChildProcess.Signal"/> would take its whole group.</summary>
    public async Task KillAsync()
    {
        _ = PosixCalls.Kill(ProcessId, (int)ChildSignal.Kill);
        await Exited;
    }

    /// <summary>An address of the file that the host writes when it is ready.</summary>
    public string Address(string resource)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(EndpointsFile));
        return document.RootElement.GetProperty(resource).ToString();
    }

    public Task<string> GetAsync(string resource, string path = "/") => Client.GetStringAsync(new Uri(Address(resource) + path), TestContext.Current.CancellationToken);

    public async Task PostAsync(string resource, string path)
    {
        try
        {
            using var response = await Client.PostAsync(new Uri(Address(resource) + path), content: null, TestContext.Current.CancellationToken);
        }
        catch (HttpRequestException)
        {
            // A service that was asked to crash gives no answer.
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!Exited.IsCompleted)
        {
            Signal(ChildSignal.Terminate);
            await Task.WhenAny(Exited, Task.Delay(TimeSpan.FromSeconds(20)));
        }
        _process!.Dispose();
        _ownFolder?.Dispose();
    }
}

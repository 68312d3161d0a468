using System.Collections.Concurrent;
using System.Diagnostics;
using Platform.Testing;

namespace Platform.ServiceDefaults.Tests.Support;

/// <summary>A program from this project's output folder, in a process of its own, on a free port.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    public const int SigInt = 2;
    public const int SigKill = 9;
    public const int SigTerm = 15;

    private readonly TestProcess _process;

    private HostProcess(TestProcess process, Uri address, ConcurrentQueue<string> output)
    {
        (_process, Output) = (process, output);
        Client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null }) { BaseAddress = address };
    }

    public HttpClient Client { get; }

    public ConcurrentQueue<string> Output { get; }

    /// <summary>The memory that the process holds, in bytes.</summary>
    public long WorkingSet
    {
        get
        {
            using var process = Process.GetProcessById(_process.Id);
            return process.WorkingSet64;
        }
    }

    public bool HasExited => _process.HasExited;

    public static async Task<HostProcess> StartAsync(string assembly, params (string Name, string Value)[] environment)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.Find()}");
        var output = new ConcurrentQueue<string>();
        var process = await TestProcess.StartAsync(
            Path.Combine(AppContext.BaseDirectory, assembly + ".dll"),
            [],
            [
                new("ASPNETCORE_URLS", address.ToString()),
                new("ASPNETCORE_ENVIRONMENT", "Production"),
                .. environment.Select(variable => KeyValuePair.Create(variable.Name, (string?)variable.Value)),
            ],
            output.Enqueue,
            AppContext.BaseDirectory);
        var host = new HostProcess(process, address, output);
        try
        {
            await Until.TrueAsync(
                async () => !host.HasExited ? await host.AnswersAsync() : throw new InvalidOperationException(string.Join('\n', host.Output)),
                $"{assembly} to answer");
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }

        return host;
    }

    public void Signal(int signal)
    {
        Assert.False(HasExited, "It has ended already.");
        _process.Signal(signal);
    }

    public Task<int> ExitAsync() => _process.Exited.WaitAsync(TimeSpan.FromSeconds(20));

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _process.DisposeAsync();
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var response = await Client.GetAsync("/healthz", TestContext.Current.CancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}

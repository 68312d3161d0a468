using Platform.Embedded.Processes;

namespace Platform.Testing;

/// <summary>
/// A program that a test starts and can kill. It ends with the test program, however that ends, and holds none of its streams: what a test leaves behind must not
/// keep whoever reads them waiting.
/// </summary>
public sealed class TestProcess : IAsyncDisposable
{
    private static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(20);

    private readonly ChildProcess _process;

    private TestProcess(ChildProcess process) => _process = process;

    public int Id => _process.Id;

    public bool HasExited => _process.Exited.IsCompleted;

    /// <summary>Ends with the exit code; a signal counts as 128 and its number.</summary>
    public Task<int> Exited => _process.Exited;

    /// <summary>Starts a program of .NET.</summary>
    /// <param name="program">Its assembly.</param>
    /// <param name="arguments">Its command line.</param>
    /// <param name="environment">Variables besides those of this process; of two with one name the last counts.</param>
    /// <param name="output">Gets each line of its output and its errors; on a thread of its own.</param>
    /// <param name="folder">Where it runs; here by default.</param>
    public static async Task<TestProcess> StartAsync(
        string program,
        IEnumerable<string> arguments,
        IEnumerable<KeyValuePair<string, string?>>? environment = null,
        Action<string>? output = null,
        string? folder = null)
    {
        var variables = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var (name, value) in environment ?? [])
        {
            variables[name] = value;
        }

        var command = new ChildCommand("dotnet", [program, .. arguments]) { Environment = variables, WorkingDirectory = folder };
        return new TestProcess(await ChildProcess.StartAsync(command, output ?? (_ => { })));
    }

    /// <summary>Sends a signal by its number; nothing happens when it has ended.</summary>
    public void Signal(int signal) => _process.Signal((ChildSignal)signal);

    /// <summary>Ends it as <c>kill -9</c> does.</summary>
    public Task KillAsync() => _process.StopAsync(ChildSignal.Kill, KillLimit);

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }
}

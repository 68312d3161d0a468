using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace Platform.Benchmarks.Http;

/// <summary>A server of this program in a process of its own, so that its processor time can be told from the client's.</summary>
internal sealed class ChildHost : IAsyncDisposable
{
    public const string Listening = "listening on ";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly Process _process;

    private ChildHost(Process process, Uri address)
    {
        _process = process;
        Address = address;
    }

    public Uri Address { get; }

    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public static Task<ChildHost> StartAsync(string kind, params (string Name, string Value)[] environment) =>
        StartAsync("dotnet", [Assembly.GetExecutingAssembly().Location, HttpHost.Command, kind], environment);

    /// <summary>Starts any program that says where it listens.</summary>
    public static async Task<ChildHost> StartAsync(string program, string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Limit);
        while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.StartsWith(Listening, StringComparison.Ordinal))
            {
                // The log is read away: a full pipe would stop the server.
                _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
                return new ChildHost(process, new Uri(line[Listening.Length..]));
            }
        }

        throw new InvalidOperationException($"The server {program} {string.Join(' ', arguments)} did not start.");
    }

    /// <summary>Asks it to stop.</summary>
    public async Task TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-s", "TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Waits for its end and gives the exit code.</summary>
    public async Task<int> ExitAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }
}

using System.Diagnostics;
using Platform.Benchmarks.Outbox.Contract;
using Platform.Benchmarks.Outbox.Peers;

namespace Platform.Benchmarks.Outbox.Measuring;

/// <summary>A place for one process of the chaos run: what is killed there is started again.</summary>
internal sealed class Victim(string connectionString, params string[] role) : IDisposable
{
    private Process? _process;

    /// <summary>How often it was killed.</summary>
    public int Kills { get; private set; }

    /// <summary>Starts the process and waits until it works.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment = { [PeerProgram.ConnectionVariable] = connectionString },
        };
        start.ArgumentList.Add(PeerPrograms.PathOf(PeerPrograms.Program.Own));
        start.ArgumentList.Add(ChaosEntry.Command);
        foreach (var argument in role)
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start)!;
        if (await _process.StandardOutput.ReadLineAsync(cancellationToken) != ChaosEntry.Ready)
        {
            throw new InvalidOperationException($"A {role[0]} did not start.");
        }
    }

    /// <summary>kill -9, and waits for the end.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        Kills++;
        _process!.Kill();
        await _process.WaitForExitAsync(cancellationToken);
        _process.Dispose();
        _process = null;
    }

    /// <summary>Lets it end by itself.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        _process!.StandardInput.Close();
        await _process.WaitForExitAsync(cancellationToken);
    }

    public void Dispose()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
        }

        _process?.Dispose();
    }
}

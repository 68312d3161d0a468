using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Platform.Benchmarks.Outbox.Contract;

namespace Platform.Benchmarks.Outbox.Measuring;

/// <summary>A peer in a process of its own, so that its CPU time is its own.</summary>
internal sealed class PeerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _errors = new();

    private PeerProcess(Process process) => _process = process;

    public static PeerProcess Start(IReadOnlyList<string> command, string connectionString)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal) ? Environment.ProcessPath : "dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { [PeerProgram.ConnectionVariable] = connectionString },
        };
        foreach (var argument in command)
        {
            start.ArgumentList.Add(argument);
        }

        var peer = new PeerProcess(Process.Start(start)!);
        peer._process.ErrorDataReceived += (_, line) => peer.Keep(line.Data);
        peer._process.BeginErrorReadLine();
        return peer;
    }

    /// <summary>Asks and waits for the answer.</summary>
    /// <exception cref="InvalidOperationException">The peer answered with an error, or ended.</exception>
    public async Task<PeerReply> AskAsync(PeerRequest request, CancellationToken cancellationToken)
    {
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(request, PeerJson.Default.PeerRequest).AsMemory(), cancellationToken);
        await _process.StandardInput.FlushAsync(cancellationToken);
        var line = await _process.StandardOutput.ReadLineAsync(cancellationToken)
            ?? throw new InvalidOperationException($"The peer ended at '{request.Do}':\n{Errors()}");
        var reply = JsonSerializer.Deserialize(line, PeerJson.Default.PeerReply)!;
        return reply.Error is null ? reply : throw new InvalidOperationException($"The peer failed at '{request.Do}': {reply.Error}\n{Errors()}");
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private void Keep(string? line)
    {
        const int Most = 8_000;
        lock (_errors)
        {
            if (line is not null && _errors.Length < Most)
            {
                _errors.AppendLine(line);
            }
        }
    }

    private string Errors()
    {
        lock (_errors)
        {
            return _errors.ToString();
        }
    }
}

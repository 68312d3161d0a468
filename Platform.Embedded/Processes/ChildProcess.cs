using System.ComponentModel;
using System.Diagnostics;

namespace Platform.Embedded.Processes;

/// <summary>
/// A process that does not outlive this one, in a session of its own, so that Ctrl+C in the terminal reaches only this
/// program, which then stops its children in order.
/// </summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process _process;
    private bool _disposed;

    private ChildProcess(Process process, Action<string> output)
    {
        _process = process;
        Id = process.Id;
        Exited = WaitAsync(output);
    }

    public int Id { get; }

    /// <summary>Ends with the exit code once the process has ended and all of its output is read. A signal counts as 128 + its number.</summary>
    public Task<int> Exited { get; }

    /// <exception cref="EmbeddedException">The program cannot be started.</exception>
    public static async Task<ChildProcess> StartAsync(ChildCommand command, Action<string> output)
    {
        var start = Orphanage.Wrap(command);
        start.UseShellExecute = false;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.RedirectStandardInput = true;
        start.WorkingDirectory = command.WorkingDirectory ?? "";
        foreach (var (name, value) in command.Environment)
        {
            start.Environment[name] = value;
        }

        Process process;
        try
        {
            process = await LaunchThread.StartAsync(start);
        }
        catch (Win32Exception exception)
        {
            throw new EmbeddedException($"Cannot start {command.FileName}: {exception.Message}", exception);
        }

        var child = new ChildProcess(process, output);
        Orphanage.Adopt(process, command.WhenOrphaned);
        try
        {
            await process.StandardInput.WriteAsync(command.StandardInput);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it read: its exit code tells.
        }
        return child;
    }

    /// <summary>Runs a command to its end and gives its exit code and what it wrote. It is killed when the caller gives up.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(ChildCommand command, CancellationToken cancellationToken)
    {
        var tail = new OutputTail();
        using var child = await StartAsync(command, tail.Add);
        try
        {
            return (await child.Exited.WaitAsync(cancellationToken), tail.ToString());
        }
        catch (OperationCanceledException)
        {
            child.Signal(ChildSignal.Kill);
            throw;
        }
    }

    /// <summary>Sends a signal; nothing happens when the process is gone. On Windows every signal ends the process at once.</summary>
    public void Signal(ChildSignal signal)
    {
        if (_disposed || _process.HasExited)
        {
            return;
        }
        if (OperatingSystem.IsWindows())
        {
            _process.Kill(entireProcessTree: true);
            return;
        }
        _ = PosixCalls.Kill(Id, (int)signal);
        if (signal == ChildSignal.Kill)
        {
            // Its own session is a process group too: what it has started goes with it.
            _ = PosixCalls.Kill(-Id, (int)signal);
        }
    }

    /// <summary>Asks the process to end, and kills it when it is still there after <paramref name="limit"/>.</summary>
    public async Task StopAsync(ChildSignal signal, TimeSpan limit)
    {
        Signal(signal);
        try
        {
            await Exited.WaitAsync(limit);
        }
        catch (TimeoutException)
        {
            Signal(ChildSignal.Kill);
            await Exited;
        }
    }

    public void Dispose()
    {
        Signal(ChildSignal.Kill);
        _disposed = true;
        _process.Dispose();
    }

    private async Task<int> WaitAsync(Action<string> output)
    {
        // A grandchild may keep the pipes open after the child's end: what it writes is not waited for long.
        var pumps = Task.WhenAll(LinePump.RunAsync(_process.StandardOutput, output), LinePump.RunAsync(_process.StandardError, output));
        await _process.WaitForExitAsync();
        var exitCode = _process.ExitCode;
        Orphanage.Forget(Id);
        await Task.WhenAny(pumps, Task.Delay(TimeSpan.FromSeconds(1)));
        return exitCode;
    }
}

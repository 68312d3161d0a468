using System.ComponentModel;
using System.Diagnostics;

namespace Platform.Embedded.Processes;

/// <summary>Processes that this program did not start.</summary>
internal static class RunningProcess
{
    /// <summary>Whether the process runs and its command line holds the text. True where the system does not tell.</summary>
    public static bool CommandLineContains(int processId, string text)
    {
        using var process = Find(processId);
        if (process is null)
        {
            return false;
        }
        try
        {
            if (OperatingSystem.IsLinux())
            {
                return File.ReadAllText($"/proc/{processId}/cmdline").Contains(text, StringComparison.Ordinal);
            }
            if (OperatingSystem.IsWindows())
            {
                return process.ProcessName.StartsWith("postgres", StringComparison.OrdinalIgnoreCase);
            }
            var list = new ProcessStartInfo("/bin/ps", ["-ww", "-o", "command=", "-p", $"{processId}"]) { RedirectStandardOutput = true };
            using var ps = Process.Start(list)!;
            return ps.StandardOutput.ReadToEnd().Contains(text, StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or Win32Exception)
        {
            return Find(processId) is not null;
        }
    }

    /// <summary>When the process started, or null when it is gone. Tells it from a later one with the same id.</summary>
    public static DateTimeOffset? StartTime(int processId)
    {
        using var process = Find(processId);
        try
        {
            return process?.StartTime;
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception)
        {
            return null;
        }
    }

    /// <summary>Ends a process, killing it after <paramref name="limit"/>, and waits until it is gone.</summary>
    public static async Task EndAsync(int processId, ChildSignal signal, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var process = Find(processId);
        if (process is null)
        {
            return;
        }
        if (!OperatingSystem.IsWindows())
        {
            _ = PosixCalls.Kill(processId, (int)signal);
        }
        try
        {
            await process.WaitForExitAsync(cancellationToken).WaitAsync(limit, cancellationToken);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(cancellationToken);
        }
    }

    private static Process? Find(int processId)
    {
        try
        {
            return Process.GetProcessById(processId);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}

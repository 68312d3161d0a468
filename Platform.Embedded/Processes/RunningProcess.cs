using System.ComponentModel;
using System.Diagnostics;

namespace Platform.Embedded.Processes;

/// <summary>Processes that this program did not start.</summary>
internal static class RunningProcess
{
    /// <summary>The process's command line, its words parted by spaces; on Windows its name only. Null when it is gone or not told.</summary>
    public static string? CommandLine(int processId)
    {
        using var process = Find(processId);
        if (process is null)
        {
            return null;
        }
        try
        {
            if (OperatingSystem.IsLinux())
            {
                return File.ReadAllText($"/proc/{processId}/cmdline").Replace('\0', ' ').Trim();
            }
            if (OperatingSystem.IsWindows())
            {
                return process.ProcessName;
            }
            var list = new ProcessStartInfo("/bin/ps", ["-ww", "-o", "command=", "-p", $"{processId}"]) { RedirectStandardOutput = true };
            using var ps = Process.Start(list)!;
            return ps.StandardOutput.ReadToEnd().Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or Win32Exception)
        {
            return null;
        }
    }

    /// <summary>Whether the process is a <c>dotnet run</c> or <c>dotnet watch</c>.</summary>
    public static bool IsDotnetRun(int processId) =>
        CommandLine(processId)?.Split(' ') is [var program, var verb, ..]
        && Path.GetFileNameWithoutExtension(program) == "dotnet"
        && verb is "run" or "watch";

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

using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Platform.Embedded.Processes;

namespace Platform.Embedded.Network;

/// <summary>Finds out which process listens on a port.</summary>
internal static class PortHolder
{
    private const string Listening = "0A";
    private const int MaxCommandLength = 120;
    private static readonly string[] SocketTables = ["/proc/net/tcp", "/proc/net/tcp6"];

    /// <summary>For example <c>process 4711 (dotnet exec Some.dll)</c>; "another process" where the system does not tell.</summary>
    public static string Describe(int port)
    {
        if (Find(port) is not { } processId)
        {
            return "another process";
        }
        var command = RunningProcess.CommandLine(processId) ?? "";
        return command.Length == 0 ? $"process {processId}"
            : $"process {processId} ({(command.Length > MaxCommandLength ? command[..MaxCommandLength] + "..." : command)})";
    }

    private static int? Find(int port)
    {
        try
        {
            return OperatingSystem.IsLinux() ? FindInProc(port)
                : OperatingSystem.IsWindows() ? Ask("netstat", "-ano -p TCP", line => line.Contains($":{port} ", StringComparison.Ordinal) && line.Contains("LISTENING", StringComparison.Ordinal))
                : Ask("/usr/sbin/lsof", $"-nP -t -iTCP:{port} -sTCP:LISTEN", _ => true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or Win32Exception)
        {
            return null;
        }
    }

    /// <summary>proc(5): /proc/net/tcp tells the inode of the listening socket, /proc/[pid]/fd who has it open.</summary>
    private static int? FindInProc(int port)
    {
        var address = ":" + port.ToString("X4", CultureInfo.InvariantCulture);
        var inodes = SocketTables
            .Where(File.Exists)
            .SelectMany(File.ReadLines)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields.Length > 9 && fields[1].EndsWith(address, StringComparison.Ordinal) && fields[3] == Listening)
            .Select(fields => $"socket:[{fields[9]}]")
            .ToHashSet();
        return Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) ? id : 0)
            .FirstOrDefault(id => id > 0 && HasOpen(id, inodes)) is > 0 and var holder ? holder : null;
    }

    private static bool HasOpen(int processId, HashSet<string> sockets)
    {
        try
        {
            return Directory.EnumerateFiles($"/proc/{processId}/fd").Any(file => new FileInfo(file).LinkTarget is { } target && sockets.Contains(target));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static int? Ask(string program, string arguments, Func<string, bool> matches)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var line = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(matches);
        return int.TryParse(line?.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1], CultureInfo.InvariantCulture, out var id) ? id : null;
    }
}

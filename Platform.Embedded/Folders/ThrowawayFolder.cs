using System.Globalization;
using Platform.Embedded.Processes;

namespace Platform.Embedded.Folders;

/// <summary>
/// A folder in the system's folder for temporary files that is removed with this object. Those of programs that were
/// killed are removed when the next one is made.
/// </summary>
public sealed class ThrowawayFolder : IDisposable
{
    private const string Prefix = "platform-";

    private ThrowawayFolder(string path) => Path = path;

    /// <summary>The full path.</summary>
    public string Path { get; }

    /// <summary>Makes a new, empty folder.</summary>
    public static ThrowawayFolder Create()
    {
        Sweep();
        // The name tells whose it is: process id and start time, since ids are used again.
        var start = RunningProcess.StartTime(Environment.ProcessId)!.Value.ToUnixTimeSeconds();
        var name = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-{start}-");
        return new ThrowawayFolder(OwnedFolder.Create(Directory.CreateTempSubdirectory(name).FullName, UnixUser.ForServers()));
    }

    public void Dispose() => TryDelete(Path);

    private static void Sweep()
    {
        foreach (var folder in Directory.EnumerateDirectories(System.IO.Path.GetTempPath(), Prefix + "*"))
        {
            if (System.IO.Path.GetFileName(folder).Split('-') is [_, var id, var start, _]
                && int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var processId)
                && long.TryParse(start, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                && (RunningProcess.StartTime(processId) is not { } time || Math.Abs(time.ToUnixTimeSeconds() - seconds) > 2))
            {
                TryDelete(folder);
            }
        }
    }

    private static void TryDelete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another user's, or still in use: the next sweep finds it.
        }
    }
}

using System.Globalization;
using Platform.Embedded.Processes;

namespace Platform.Embedded.Postgres;

/// <summary>
/// <c>postmaster.pid</c>, the server's lock file (PostgreSQL sources, miscadmin.h): line 1 the process id, line 8 the state,
/// "ready" once it takes connections.
/// </summary>
internal sealed class PostmasterFile(string clusterFolder)
{
    private readonly string _path = Path.Combine(clusterFolder, "postmaster.pid");

    /// <summary>Whether the server with this process id says that it takes connections.</summary>
    public bool IsReady(int processId) => Read() is [var id, _, _, _, _, _, _, var state, ..]
        && id.Trim() == processId.ToString(CultureInfo.InvariantCulture)
        && state.Trim() == "ready";

    /// <summary>
    /// Ends a server that was left behind with this data, and removes a lock file whose process id now belongs to another
    /// program, since PostgreSQL would take that one for a server and refuse to start.
    /// </summary>
    public async Task RecoverAsync(Action<string> output, CancellationToken cancellationToken)
    {
        if (Read() is not [var line, ..] || !int.TryParse(line.Trim(), CultureInfo.InvariantCulture, out var processId))
        {
            return;
        }
        var holder = RunningProcess.CommandLine(processId);
        if (holder is null || !(holder.Contains(clusterFolder, StringComparison.Ordinal) || (OperatingSystem.IsWindows() && holder == "postgres")))
        {
            output($"removing the lock file of a server that is gone (process {processId})");
            File.Delete(_path);
            return;
        }
        output($"ending a server that was left behind (process {processId})");
        await RunningProcess.EndAsync(processId, ChildSignal.Quit, TimeSpan.FromSeconds(6), cancellationToken);
        File.Delete(_path);
    }

    private string[] Read()
    {
        try
        {
            return File.ReadAllLines(_path);
        }
        catch (IOException)
        {
            return [];
        }
    }
}

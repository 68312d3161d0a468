using System.Text.Json;
using Platform.Embedded.Output;
using Platform.Embedded.Processes;

namespace Platform.Embedded.Engine;

/// <summary>
/// The processes that this topology runs, written down in its data folder, so that the next start ends those that a crash of
/// the machine's or this program's left behind. A process is told by its id and start time, since ids are used again.
/// </summary>
internal sealed class ProcessRecord(string dataFolder)
{
    private static readonly TimeSpan StartTimeTolerance = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(5);
    private readonly string _path = Path.Combine(dataFolder, "processes.json");
    private readonly List<Entry> _entries = [];
    private readonly Lock _lock = new();

    /// <summary>Ends what the last run has left behind.</summary>
    public async Task EndLeftBehindAsync(ConsoleOutput output, CancellationToken cancellationToken)
    {
        foreach (var entry in Read())
        {
            if (RunningProcess.StartTime(entry.Id) is { } started && (started - entry.Started).Duration() < StartTimeTolerance)
            {
                output.Say($"ending {entry.Name} (process {entry.Id}), left behind by the last run");
                await RunningProcess.EndAsync(entry.Id, ChildSignal.Terminate, EndLimit, cancellationToken);
            }
        }
        File.Delete(_path);
    }

    public void Add(int processId, string name)
    {
        if (RunningProcess.StartTime(processId) is { } started)
        {
            Change(entries => entries.Add(new Entry(processId, started, name)));
        }
    }

    public void Remove(int processId) => Change(entries => entries.RemoveAll(entry => entry.Id == processId));

    private void Change(Action<List<Entry>> change)
    {
        lock (_lock)
        {
            change(_entries);
            var unfinished = _path + ".new";
            File.WriteAllText(unfinished, JsonSerializer.Serialize(_entries));
            File.Move(unfinished, _path, overwrite: true);
        }
    }

    private List<Entry> Read()
    {
        try
        {
            return File.Exists(_path) ? JsonSerializer.Deserialize<List<Entry>>(File.ReadAllText(_path)) ?? [] : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private sealed record Entry(int Id, DateTimeOffset Started, string Name);
}

using Platform.Embedded.Output;

namespace Platform.Embedded.Engine;

/// <summary>Takes a topology down in order, within 15 seconds: first what nobody uses, last the servers.</summary>
internal sealed class TopologyStop(IReadOnlyDictionary<Resource, Supervisor> supervisors, ConsoleOutput output, TimeProvider time)
{
    /// <summary>Projects that have not ended by then are killed.</summary>
    private static readonly TimeSpan ProjectLimit = TimeSpan.FromSeconds(9);

    /// <summary>The servers too. The rest of the 15 seconds is for the last lines of output.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(13);

    /// <summary>What comes late gets this long all the same.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);

    public async Task RunAsync()
    {
        var start = time.GetTimestamp();
        foreach (var group in StartOrder.ForStop([.. supervisors.Keys]))
        {
            await Task.WhenAll(group.Select(resource => StopAsync(resource, start)));
        }
        output.Say("stopped");
    }

    private async Task StopAsync(Resource resource, long start)
    {
        var limit = (resource is ProjectResource ? ProjectLimit : Limit) - time.GetElapsedTime(start);
        await supervisors[resource].StopAsync(limit > Least ? limit : Least);
    }
}

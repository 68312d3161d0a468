using System.Diagnostics;
using System.Globalization;
using Platform.Embedded.Output;

namespace Platform.Embedded.Engine;

/// <summary>Brings a topology up, keeps it up and takes it down.</summary>
internal sealed class TopologyRun(DistributedApplicationBuilder builder, DataFolder data, ConsoleOutput output)
{
    /// <summary>Everything has to be ready by then.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);

    private readonly Dictionary<Resource, Supervisor> _supervisors = [];
    private readonly List<IDisposable> _disposables = [];

    /// <summary>Runs until the token is cancelled. Nothing runs any more when it ends.</summary>
    /// <exception cref="EmbeddedException">Something cannot be brought up; what had come up is stopped again.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        var record = new ProcessRecord(data.Path);
        try
        {
            builder.Secrets.Open(data.Path);
            await record.EndLeftBehindAsync(output, stop);
            using var ports = PortPlan.Make(builder.Resources, data.IsThrowaway);
            var launchers = new Launchers(builder, data, record, output, ports);
            foreach (var resource in builder.Resources)
            {
                if (launchers.For(resource) is { } launcher)
                {
                    var isJob = builder.Resources.Any(other => other.Dependencies.Any(dependency => dependency.On == resource && dependency.ExitCode is not null));
                    _supervisors[resource] = new Supervisor(resource.Name, launcher, isJob, output, TimeProvider.System);
                    if (launcher is IDisposable disposable)
                    {
                        _disposables.Add(disposable);
                    }
                }
            }
            var starting = _supervisors.Keys.Select(resource => StartAsync(resource, stop)).ToList();
            await UntilReadyAsync(starting, stop);
            SayReady();
            EndpointsFile.Write(data.EndpointsFile, builder.Resources);
            await Task.Delay(Timeout.InfiniteTimeSpan, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked to stop.
        }
        finally
        {
            EndpointsFile.Remove(data.EndpointsFile);
            await new TopologyStop(_supervisors, output, TimeProvider.System).RunAsync();
            foreach (var disposable in _disposables.Concat(_supervisors.Values))
            {
                disposable.Dispose();
            }
        }
    }

    /// <summary>Starts a resource once what it waits for is there, and stays until it is ready, or has ended if it is a job.</summary>
    private async Task StartAsync(Resource resource, CancellationToken stop)
    {
        foreach (var dependency in resource.Dependencies)
        {
            var supervisor = _supervisors[dependency.On is PostgresDatabaseResource database ? database.Parent : dependency.On];
            if (dependency.ExitCode is not { } expected)
            {
                await supervisor.Ready.WaitAsync(stop);
            }
            else if (await supervisor.Ended.WaitAsync(stop) is var exitCode && exitCode != expected)
            {
                throw new EmbeddedException($"{dependency.On.Name} ended with exit code {exitCode}, so what waits for it was not started: {string.Join(", ", Waiting(dependency.On))}.");
            }
        }
        stop.ThrowIfCancellationRequested();
        _supervisors[resource].Start();
        await (_supervisors[resource].IsJob ? _supervisors[resource].Ended : _supervisors[resource].Ready).WaitAsync(stop);
    }

    private async Task UntilReadyAsync(List<Task> starting, CancellationToken stop)
    {
        var limit = Task.Delay(StartLimit, stop);
        while (starting.Count > 0)
        {
            var done = await Task.WhenAny([.. starting, limit]);
            stop.ThrowIfCancellationRequested();
            if (done == limit)
            {
                var late = _supervisors.Where(pair => pair.Value.State is not (ResourceState.Running or ResourceState.Finished)).Select(pair => $"{pair.Key.Name} ({pair.Value.State.ToString().ToLowerInvariant()})");
                throw new EmbeddedException($"Not ready after {StartLimit.TotalMinutes:0} minutes: {string.Join(", ", late)}.");
            }
            await done;
            starting.Remove(done);
        }
    }

    private void SayReady()
    {
        output.Say("");
        foreach (var line in ResourceTable.Lines(_supervisors.Select(pair => (pair.Key, pair.Value.State, pair.Value.Description))))
        {
            output.Say(line);
        }
        using var self = Process.GetCurrentProcess();
        var seconds = (TimeProvider.System.GetUtcNow() - self.StartTime).TotalSeconds;
        output.Say("");
        output.Say($"addresses: {data.EndpointsFile}");
        output.Say(string.Create(CultureInfo.InvariantCulture, $"ready in {seconds:0.0} s"));
    }

    private IEnumerable<string> Waiting(Resource on) =>
        builder.Resources.Where(resource => resource.Dependencies.Any(dependency => dependency.On == on)).Select(resource => resource.Name);
}

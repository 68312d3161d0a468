using System.Collections.Concurrent;
using Platform.Embedded.Network;
using Platform.Embedded.Output;
using Platform.Embedded.Processes;

namespace Platform.Embedded.Engine;

/// <summary>Runs a project as a child process for each replica.</summary>
internal sealed class ProjectLauncher(ProjectResource resource, string environmentName, ProcessRecord record, ConsoleOutput output, Action release) : ILauncher, IDisposable
{
    private readonly ConcurrentDictionary<int, ProjectInstance> _inRotation = new();
    private readonly List<LoopbackBalancer> _balancers = [];

    public int Replicas => resource.Replicas;

    public async Task<IInstance> LaunchAsync(int replica, CancellationToken cancellationToken)
    {
        if (!File.Exists(resource.Metadata.AssemblyPath))
        {
            throw new EmbeddedException($"'{resource.Name}' is not built: {resource.Metadata.AssemblyPath} does not exist. Build the AppHost.");
        }

        var held = Replicas == 1 ? [] : resource.Endpoints.ToDictionary(endpoint => endpoint, _ => LoopbackPort.HoldFree());
        var ports = resource.Endpoints.ToDictionary(endpoint => endpoint.Name, endpoint => Replicas == 1 ? endpoint.Port!.Value : held[endpoint].Number);
        var command = new ChildCommand(DotnetHost.Path, ["exec", resource.Metadata.AssemblyPath, .. resource.Arguments])
        {
            WorkingDirectory = Path.GetDirectoryName(resource.Metadata.ProjectPath),
            Environment = ProjectEnvironment.Build(resource, ports, environmentName),
        };
        release();
        foreach (var port in held.Values)
        {
            port.Dispose();
        }
        Balance();

        var process = await ChildProcess.StartAsync(command, line => output.Show(resource.Name, line));
        record.Add(process.Id, resource.Name);
        return new ProjectInstance(resource, ports, process, record, inRotation => Rotate(replica, inRotation));
    }

    public void Dispose() => _balancers.ForEach(balancer => balancer.Dispose());

    private void Rotate(int replica, ProjectInstance? instance)
    {
        if (instance is null)
        {
            _inRotation.TryRemove(replica, out _);
        }
        else
        {
            _inRotation[replica] = instance;
        }
    }

    private void Balance()
    {
        lock (_balancers)
        {
            if (Replicas > 1 && _balancers.Count == 0)
            {
                _balancers.AddRange(resource.Endpoints.Select(endpoint => new LoopbackBalancer(
                    endpoint.Port!.Value,
                    () => [.. _inRotation.OrderBy(pair => pair.Key).Select(pair => pair.Value.Ports[endpoint.Name])])));
            }
        }
    }
}

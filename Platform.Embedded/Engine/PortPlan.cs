using Platform.Embedded.Network;

namespace Platform.Embedded.Engine;

/// <summary>Gives every endpoint its port before anything starts, so that each resource can be told the addresses of the others.</summary>
internal sealed class PortPlan : IDisposable
{
    private readonly Dictionary<Resource, List<LoopbackPort>> _held = [];

    /// <param name="resources">The topology.</param>
    /// <param name="free">Whether chosen ports are ignored and free ones taken.</param>
    /// <exception cref="EmbeddedException">A chosen port is taken. All that are taken are named, with the processes that hold them.</exception>
    public static PortPlan Make(IReadOnlyList<Resource> resources, bool free)
    {
        var plan = new PortPlan();
        List<string> taken = [];
        foreach (var resource in resources)
        {
            if (resource is ProjectResource project)
            {
                foreach (var endpoint in project.Endpoints)
                {
                    endpoint.Port = plan.Hold(resource, free ? null : endpoint.ChosenPort, taken);
                }
            }
            else if (resource is RedisResource redis)
            {
                redis.Port = plan.Hold(resource, free ? null : redis.ChosenPort, taken);
            }
        }
        if (taken.Count > 0)
        {
            plan.Dispose();
            throw new EmbeddedException($"{string.Join('\n', taken)}\nStop what holds it, or start with --ephemeral, which takes free ports.");
        }
        return plan;
    }

    /// <summary>Holds a port for a server whose address takes more than a port.</summary>
    public int Hold(Resource resource, int? chosen)
    {
        List<string> taken = [];
        var port = Hold(resource, chosen, taken);
        return taken.Count == 0 ? port : throw new EmbeddedException(taken[0]);
    }

    /// <summary>Lets go of the ports of a resource, which is about to listen on them itself.</summary>
    public void Release(Resource resource)
    {
        lock (_held)
        {
            if (_held.Remove(resource, out var ports))
            {
                ports.ForEach(port => port.Dispose());
            }
        }
    }

    public void Dispose()
    {
        foreach (var resource in _held.Keys.ToList())
        {
            Release(resource);
        }
    }

    private int Hold(Resource resource, int? chosen, List<string> taken)
    {
        var port = chosen is { } number ? LoopbackPort.TryHold(number) : LoopbackPort.HoldFree();
        if (port is null)
        {
            taken.Add($"Port {chosen}, which {resource.Name} listens on, is taken by {PortHolder.Describe(chosen!.Value)}.");
            return chosen.Value;
        }
        if (!_held.TryGetValue(resource, out var ports))
        {
            _held[resource] = ports = [];
        }
        ports.Add(port);
        return port.Number;
    }
}

namespace Platform.Embedded;

/// <summary>A part of the topology with what the engine has to know of it.</summary>
public abstract class Resource(string name) : IResource
{
    /// <inheritdoc/>
    public string Name { get; } = name;

    /// <summary>The resources that have to be ready, or have ended, before this one is started.</summary>
    internal List<Dependency> Dependencies { get; } = [];
}

/// <summary>What one resource waits for.</summary>
/// <param name="On">The other resource.</param>
/// <param name="ExitCode">Null: until it is ready. A number: until it has ended with that exit code.</param>
internal sealed record Dependency(Resource On, int? ExitCode);

namespace Platform.Embedded;

/// <summary>A .NET project, run as a process.</summary>
public sealed class ProjectResource : Resource, IResourceWithEnvironment, IResourceWithArgs, IResourceWithServiceDiscovery, IResourceWithWaitSupport
{
    internal ProjectResource(string name, IProjectMetadata metadata)
        : base(name) => Metadata = metadata;

    internal IProjectMetadata Metadata { get; }

    internal List<ProjectEndpoint> Endpoints { get; } = [];

    internal List<HttpHealthCheck> HealthChecks { get; } = [];

    /// <summary>Later entries win over earlier ones. The values are asked for when the project is started.</summary>
    internal List<KeyValuePair<string, Func<string?>>> Environment { get; } = [];

    /// <summary>The connections whose parts it is given.</summary>
    internal List<Reference> References { get; } = [];

    /// <summary>The projects whose addresses it is given.</summary>
    internal List<ProjectResource> Services { get; } = [];

    internal List<string> Arguments { get; } = [];

    internal int Replicas { get; set; } = 1;
}

/// <summary>A connection of another resource, and the word that the variables of its parts begin with.</summary>
internal sealed record Reference(string VariableName, IConnection Connection);

/// <summary>A request that a healthy resource answers.</summary>
internal sealed record HttpHealthCheck(string Path, int StatusCode, string EndpointName);

/// <summary>Tells where a project is. The build writes an implementation for each project that the AppHost references.</summary>
public interface IProjectMetadata
{
    /// <summary>The full path of the project file.</summary>
    string ProjectPath { get; }

    /// <summary>The full path of the program that the project is built into.</summary>
    string AssemblyPath { get; }
}

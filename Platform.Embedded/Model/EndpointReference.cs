using System.Globalization;

namespace Platform.Embedded;

/// <summary>Where a resource listens. The address is known once the topology starts.</summary>
public sealed class EndpointReference
{
    private readonly ProjectResource _resource;

    internal EndpointReference(ProjectResource resource, string endpointName)
    {
        _resource = resource;
        EndpointName = endpointName;
    }

    /// <summary>The resource.</summary>
    public IResourceWithEndpoints Resource => _resource;

    /// <summary>The endpoint's name, such as <c>http</c>.</summary>
    public string EndpointName { get; }

    /// <summary>The resource has no endpoint of this name when false.</summary>
    public bool Exists => _resource.Endpoints.Any(endpoint => endpoint.Name == EndpointName);

    /// <summary>The port.</summary>
    /// <exception cref="InvalidOperationException">There is no such endpoint, or the topology has not started yet.</exception>
    public int Port => Endpoint.Port ?? throw new InvalidOperationException($"The endpoint '{EndpointName}' of '{Resource.Name}' has no port before the topology starts.");

    /// <summary>The URL, without a slash at the end.</summary>
    /// <exception cref="InvalidOperationException">There is no such endpoint, or the topology has not started yet.</exception>
    public string Url => string.Create(CultureInfo.InvariantCulture, $"{Scheme}://{Host}:{Port}");

    /// <summary>The host, <c>localhost</c>.</summary>
#pragma warning disable CA1822 // A property of the reference in Aspire's model too.
    public string Host => "localhost";
#pragma warning restore CA1822

    /// <summary>The scheme, <c>http</c> or <c>https</c>.</summary>
    public string Scheme => Endpoint.Scheme;

    private ProjectEndpoint Endpoint => _resource.Endpoints.FirstOrDefault(endpoint => endpoint.Name == EndpointName)
        ?? throw new InvalidOperationException($"'{Resource.Name}' has no endpoint '{EndpointName}': neither its launch profile nor WithHttpEndpoint gives it one.");

    /// <summary>Always fails: in an interpolated string the address would be asked for before it is known. Give the reference itself.</summary>
    /// <exception cref="InvalidOperationException">Always.</exception>
    public override string ToString() =>
        throw new InvalidOperationException($"The endpoint '{EndpointName}' of '{Resource.Name}' cannot be part of a text: give WithEnvironment the reference itself.");
}

/// <summary>An endpoint of a project.</summary>
internal sealed class ProjectEndpoint(string name, string scheme)
{
    public string Name { get; } = name;

    public string Scheme { get; } = scheme;

    /// <summary>The port that the launch profile or <c>WithHttpEndpoint</c> asks for.</summary>
    public int? ChosenPort { get; set; }

    /// <summary>The variable that takes the port that the project listens on.</summary>
    public string? PortVariable { get; init; }

    /// <summary>The port that others use, once the engine has chosen it.</summary>
    public int? Port { get; set; }
}

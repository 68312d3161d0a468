using System.Globalization;

namespace Platform.Embedded;

/// <summary>How resources depend on each other and what they are given.</summary>
public static class ResourceBuilderExtensions
{
    /// <summary>Starts the resource once the other one is ready.</summary>
    public static IResourceBuilder<T> WaitFor<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency)
        where T : IResourceWithWaitSupport => builder.Depend(dependency, exitCode: null);

    /// <summary>Starts the resource once the other one has ended with the exit code. With another one it is not started at all.</summary>
    public static IResourceBuilder<T> WaitForCompletion<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency, int exitCode = 0)
        where T : IResourceWithWaitSupport => builder.Depend(dependency, exitCode);

    /// <summary>Adds arguments to the command line.</summary>
    public static IResourceBuilder<T> WithArgs<T>(this IResourceBuilder<T> builder, params string[] args)
        where T : IResourceWithArgs
    {
        builder.Project().Arguments.AddRange(args);
        return builder;
    }

    /// <summary>Sets an environment variable.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, string? value)
        where T : IResourceWithEnvironment => builder.Set(name, () => value);

    /// <summary>Sets an environment variable to a value that is asked for when the resource is started.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, Func<string> callback)
        where T : IResourceWithEnvironment => builder.Set(name, callback);

    /// <summary>Sets an environment variable to the URL of an endpoint.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, EndpointReference endpointReference)
        where T : IResourceWithEnvironment => builder.Set(name, () => endpointReference.Url);

    /// <summary>Sets an environment variable to the value of a parameter.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, IResourceBuilder<ParameterResource> parameter)
        where T : IResourceWithEnvironment => builder.Set(name, () => parameter.Resource.Value);

    /// <summary>Sets an environment variable to the connection string of a resource.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(
        this IResourceBuilder<T> builder, string envVarName, IResourceBuilder<IResourceWithConnectionString> resource)
        where T : IResourceWithEnvironment => builder.Set(envVarName, () => ((IConnection)resource.Resource).ConnectionString);

    /// <summary>
    /// Gives the connection string of another resource in <c>ConnectionStrings__{name}</c>, and its parts in <c>{NAME}_HOST</c>,
    /// <c>{NAME}_PORT</c> and so on.
    /// </summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResourceWithConnectionString> source,
        string? connectionName = null,
        bool optional = false)
        where TDestination : IResourceWithEnvironment
    {
        var name = connectionName ?? source.Resource.Name;
        builder.Set($"ConnectionStrings__{name}", () => ((IConnection)source.Resource).ConnectionString);
        builder.Project().References.Add(new Reference(VariableName(name), (IConnection)source.Resource));
        return builder;
    }

    /// <summary>Gives the addresses of another resource in <c>services__{name}__{endpoint}__0</c> and <c>{NAME}_{ENDPOINT}</c>.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithServiceDiscovery> source)
        where TDestination : IResourceWithEnvironment
    {
        builder.Project().Services.Add((ProjectResource)source.Resource);
        return builder;
    }

    /// <summary>The endpoint of this name, such as <c>http</c>. Its address is known once the topology starts.</summary>
    public static EndpointReference GetEndpoint<T>(this IResourceBuilder<T> builder, string name)
        where T : IResourceWithEndpoints => new(builder.Project(), name);

    /// <summary>Adds an HTTP endpoint, or chooses the port of the one of this name.</summary>
    /// <remarks>Default port: a free one. Default name: <c>http</c>. <paramref name="env"/> names a variable that takes the port to listen on.</remarks>
    public static IResourceBuilder<T> WithHttpEndpoint<T>(
        this IResourceBuilder<T> builder, int? port = null, int? targetPort = null, string? name = null, string? env = null, bool? isProxied = null)
        where T : IResourceWithEndpoints
    {
        var project = builder.Project();
        name ??= "http";
        if (project.Endpoints.Any(endpoint => endpoint.Name == name))
        {
            throw new EmbeddedException($"'{project.Name}' has an endpoint '{name}' already.");
        }
        project.Endpoints.Add(new ProjectEndpoint(name, "http") { ChosenPort = port ?? targetPort, PortVariable = env });
        return builder;
    }

    /// <summary>With Aspire's publishers the endpoints are reachable from outside. Here they stay on loopback.</summary>
    public static IResourceBuilder<T> WithExternalHttpEndpoints<T>(this IResourceBuilder<T> builder)
        where T : IResourceWithEndpoints => builder;

    /// <summary>The resource is ready once a GET of this path is answered with this status.</summary>
    /// <remarks>Default path: <c>/</c>. Default status: 200. Default endpoint: the first.</remarks>
    /// <exception cref="EmbeddedException">The resource has this check already.</exception>
    public static IResourceBuilder<T> WithHttpHealthCheck<T>(
        this IResourceBuilder<T> builder, string? path = null, int? statusCode = null, string? endpointName = null)
        where T : IResourceWithEndpoints
    {
        var project = builder.Project();
        var check = new HttpHealthCheck(path ?? "/", statusCode ?? 200, endpointName ?? project.Endpoints.FirstOrDefault()?.Name ?? "http");
        if (project.HealthChecks.Contains(check))
        {
            throw new EmbeddedException($"'{project.Name}' has a health check for {check.Path} already.");
        }
        project.HealthChecks.Add(check);
        return builder;
    }

    /// <summary>The name of a resource as part of the name of a variable.</summary>
    internal static string VariableName(string name) => name.Replace('-', '_').ToUpper(CultureInfo.InvariantCulture);

    private static IResourceBuilder<T> Set<T>(this IResourceBuilder<T> builder, string name, Func<string?> value)
        where T : IResource
    {
        builder.Project().Environment.Add(new(name, value));
        return builder;
    }

    private static IResourceBuilder<T> Depend<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency, int? exitCode)
        where T : IResource
    {
        ((Resource)(IResource)builder.Resource).Dependencies.Add(new Dependency((Resource)dependency.Resource, exitCode));
        return builder;
    }

    private static ProjectResource Project<T>(this IResourceBuilder<T> builder)
        where T : IResource => (ProjectResource)(IResource)builder.Resource;
}

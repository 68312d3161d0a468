using System.Globalization;
using System.Security.Cryptography;

namespace Platform.Embedded.Engine;

/// <summary>The variables that a project is started with, by the names that Aspire gives them.</summary>
internal static class ProjectEnvironment
{
    /// <summary>The AppHost's own, which would tell a project to listen where the AppHost's dashboard would.</summary>
    private static readonly string[] NotInherited =
        ["ASPNETCORE_URLS", "ASPNETCORE_HTTP_PORTS", "ASPNETCORE_HTTPS_PORTS", "HTTP_PORTS", "HTTPS_PORTS", "URLS", "DOTNET_LAUNCH_PROFILE"];

    /// <param name="resource">The project.</param>
    /// <param name="ports">The ports that this process listens on, by endpoint.</param>
    /// <param name="environmentName">For example Development.</param>
    /// <returns>What is added to the AppHost's own environment; null takes away.</returns>
    public static Dictionary<string, string?> Build(ProjectResource resource, IReadOnlyDictionary<string, int> ports, string environmentName)
    {
        var variables = NotInherited.ToDictionary(name => name, _ => (string?)null);
        variables["ASPNETCORE_ENVIRONMENT"] = environmentName;
        variables["DOTNET_ENVIRONMENT"] = environmentName;
        variables["OTEL_SERVICE_NAME"] = resource.Name;
        variables["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={resource.Name}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        if (resource.Endpoints.Count > 0)
        {
            variables["ASPNETCORE_URLS"] = string.Join(';', resource.Endpoints.Select(endpoint => Url(endpoint.Scheme, ports[endpoint.Name])));
        }
        foreach (var endpoint in resource.Endpoints.Where(endpoint => endpoint.PortVariable is not null))
        {
            variables[endpoint.PortVariable!] = ports[endpoint.Name].ToString(CultureInfo.InvariantCulture);
        }
        foreach (var reference in resource.References)
        {
            foreach (var (part, value) in reference.Connection.Properties)
            {
                variables[$"{reference.VariableName}_{part.ToUpperInvariant()}"] = value;
            }
        }
        foreach (var service in resource.Services)
        {
            foreach (var endpoint in service.Endpoints)
            {
                var url = Url(endpoint.Scheme, endpoint.Port!.Value);
                variables[$"services__{service.Name}__{endpoint.Name}__0"] = url;
                variables[$"{ResourceBuilderExtensions.VariableName(service.Name)}_{ResourceBuilderExtensions.VariableName(endpoint.Name)}"] = url;
            }
        }
        foreach (var (name, value) in resource.Environment)
        {
            variables[name] = value();
        }
        return variables;
    }

    private static string Url(string scheme, int port) => string.Create(CultureInfo.InvariantCulture, $"{scheme}://localhost:{port}");
}

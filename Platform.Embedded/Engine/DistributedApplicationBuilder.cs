using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Platform.Embedded.Engine;

internal sealed class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    private readonly List<Resource> _resources = [];

    public DistributedApplicationBuilder(string[] arguments)
    {
        Arguments = arguments;
        AppHost = AppHostProject.Find();
        Environment = new AppHostEnvironment(AppHost);
        Configuration.AddJsonFile(Path.Combine(AppHostDirectory, "appsettings.json"), optional: true);
        Configuration.AddEnvironmentVariables();
    }

    public string[] Arguments { get; }

    public AppHostProject AppHost { get; }

    /// <summary>In the order of the description.</summary>
    public IReadOnlyList<Resource> Resources => _resources;

    /// <summary>Values that were generated for this topology. Opened when it starts.</summary>
    public SecretStore Secrets { get; } = new();

    public string AppHostDirectory => AppHost.Folder;

    public ConfigurationManager Configuration { get; } = new();

    public IHostEnvironment Environment { get; }

    public ResourceBuilder<T> Add<T>(T resource)
        where T : Resource
    {
        if (_resources.Any(other => string.Equals(other.Name, resource.Name, StringComparison.OrdinalIgnoreCase)))
        {
            throw new EmbeddedException($"There are two resources of the name '{resource.Name}'.");
        }
        _resources.Add(resource);
        return new ResourceBuilder<T>(this, resource);
    }

    public DistributedApplication Build()
    {
        StartOrder.Require(_resources);
        return new DistributedApplication(this);
    }
}

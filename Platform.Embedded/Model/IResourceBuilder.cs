namespace Platform.Embedded;

/// <summary>A resource while the topology is described.</summary>
/// <typeparam name="T">What kind of resource it is.</typeparam>
public interface IResourceBuilder<out T>
    where T : IResource
{
    /// <summary>The topology that it belongs to.</summary>
    IDistributedApplicationBuilder ApplicationBuilder { get; }

    /// <summary>The resource.</summary>
    T Resource { get; }
}

internal sealed record ResourceBuilder<T>(IDistributedApplicationBuilder ApplicationBuilder, T Resource) : IResourceBuilder<T>
    where T : IResource;

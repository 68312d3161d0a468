namespace Platform.Embedded;

/// <summary>A part of the topology. The names of this model, and what they do, are those of Aspire's.</summary>
public interface IResource
{
    /// <summary>Its name, unique in the topology.</summary>
    string Name { get; }
}

/// <summary>A resource that is given environment variables.</summary>
public interface IResourceWithEnvironment : IResource;

/// <summary>A resource that is given arguments.</summary>
public interface IResourceWithArgs : IResource;

/// <summary>A resource that can wait for others.</summary>
public interface IResourceWithWaitSupport : IResource;

/// <summary>A resource that listens.</summary>
public interface IResourceWithEndpoints : IResource;

/// <summary>A resource that others find by its name.</summary>
public interface IResourceWithServiceDiscovery : IResourceWithEndpoints;

/// <summary>A resource that others reach through a connection string.</summary>
public interface IResourceWithConnectionString : IResource;

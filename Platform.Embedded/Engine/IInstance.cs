namespace Platform.Embedded.Engine;

/// <summary>One running process of a resource.</summary>
internal interface IInstance : IAsyncDisposable
{
    /// <summary>For example "process 4711".</summary>
    string Description { get; }

    /// <summary>Ends with the exit code when it ends, whether asked or not.</summary>
    Task<int> Exited { get; }

    /// <summary>Ends once it answers as it should.</summary>
    Task UntilReadyAsync(CancellationToken cancellationToken);

    /// <summary>Stops it, by force after the limit.</summary>
    Task StopAsync(TimeSpan limit);
}

/// <summary>Starts the processes of a resource.</summary>
internal interface ILauncher
{
    /// <summary>How many of them run side by side.</summary>
    int Replicas { get; }

    /// <exception cref="EmbeddedException">It cannot be started, and trying again would not help.</exception>
    Task<IInstance> LaunchAsync(int replica, CancellationToken cancellationToken);
}

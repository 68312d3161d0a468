namespace Platform.Embedded;

/// <summary>A server that Aspire runs in a container, and this engine as a process of the machine's own.</summary>
public abstract class ContainerResource(string name) : Resource(name)
{
    /// <summary>Whether its data is there again after the next start.</summary>
    internal bool KeepsData { get; set; }

    /// <summary>The port that was asked for.</summary>
    internal int? ChosenPort { get; set; }

    internal ParameterResource? Password { get; set; }
}

/// <summary>How long a server lives.</summary>
public enum ContainerLifetime
{
    /// <summary>As long as the topology.</summary>
    Session = 0,

    /// <summary>With Aspire, beyond it. Here the server ends with the topology, and its data stays.</summary>
    Persistent = 1,
}

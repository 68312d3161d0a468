namespace Platform.Embedded.Engine;

/// <summary>Where a resource is in its life.</summary>
internal enum ResourceState
{
    Waiting,
    Starting,
    Running,
    Restarting,
    Finished,
    Failed,
    Stopped,
}

namespace Platform.Embedded.Redis;

/// <summary>A running server.</summary>
internal interface IRedisEngine
{
    Task Exited { get; }

    Task StopAsync();
}

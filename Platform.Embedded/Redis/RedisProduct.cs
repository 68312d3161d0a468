namespace Platform.Embedded.Redis;

/// <summary>The servers that speak Redis's protocol here.</summary>
public enum RedisProduct
{
    /// <summary>The machine's own <c>redis-server</c>, as a child process.</summary>
    Redis,

    /// <summary>Microsoft.Garnet, in this process. It has no streams.</summary>
    Garnet,
}

namespace Platform.Embedded.Redis;

/// <summary>How to run a <see cref="RedisServer"/>.</summary>
public sealed record RedisServerOptions
{
    /// <summary>The folder that keeps the data between starts. Null, the default: nothing is kept.</summary>
    public string? Folder { get; init; }

    /// <summary>The port on 127.0.0.1. Null, the default: a free one.</summary>
    public int? Port { get; init; }

    /// <summary>The password that clients must give. Null, the default: none is asked for.</summary>
    public string? Password { get; init; }

    /// <summary>Which server to run. Null, the default: <c>redis-server</c> where the machine has it, otherwise Garnet.</summary>
    public RedisProduct? Product { get; init; }

    /// <summary>Takes each line of the server's log. May be called from several threads. Default: nothing.</summary>
    public Action<string> Output { get; init; } = _ => { };

    /// <summary>How long a start may take. Default: 30 seconds.</summary>
    public TimeSpan StartLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Told the id of the process, where there is one.</summary>
    internal Action<int> Started { get; init; } = _ => { };
}

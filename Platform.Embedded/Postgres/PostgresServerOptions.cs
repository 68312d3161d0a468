namespace Platform.Embedded.Postgres;

/// <summary>How to run a <see cref="PostgresServer"/>.</summary>
public sealed record PostgresServerOptions
{
    /// <summary>
    /// The folder that holds the data, kept between starts. It is made when missing. Only one server may use it at a time.
    /// As root it has to be where the account <c>postgres</c> can reach it, so not below <c>/root</c>.
    /// </summary>
    public required string Folder { get; init; }

    /// <summary>The port on 127.0.0.1. Null, the default: a free one.</summary>
    public int? Port { get; init; }

    /// <summary>The superuser, named when the data folder is first made. Default: <c>postgres</c>.</summary>
    public string UserName { get; init; } = "postgres";

    /// <summary>
    /// The superuser's password, set when the data folder is first made. Null, the default: one is generated and kept
    /// in the folder, in a file that only this user may read.
    /// </summary>
    public string? Password { get; init; }

    /// <summary>
    /// Whether a commit waits for the disk. Default: true. False is for throwaway data: faster, and a crash of the machine
    /// may destroy it.
    /// </summary>
    public bool Durable { get; init; } = true;

    /// <summary>Settings of postgresql.conf by name, such as <c>max_connections</c>.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Where a PostgreSQL that npm brings is kept. Null, the default: in <see cref="Folder"/>.</summary>
    public string? PackageFolder { get; init; }

    /// <summary>Takes each line of the server's log. May be called from several threads. Default: nothing.</summary>
    public Action<string> Output { get; init; } = _ => { };

    /// <summary>How long a start may take, crash recovery included. Default: 60 seconds.</summary>
    public TimeSpan StartLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The programs to take. Null: they are looked for.</summary>
    internal PostgresBinaries? Binaries { get; init; }
}

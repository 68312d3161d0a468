using System.Globalization;
using System.Net;
using Npgsql;
using Platform.Embedded.Network;
using Platform.Embedded.Processes;

namespace Platform.Embedded.Postgres;

/// <summary>
/// A PostgreSQL server of this machine's own, as a child process on loopback, with password authentication
/// (scram-sha-256). It ends with this program, also after <c>kill -9</c>. Safe for several threads.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);
    private readonly ChildProcess _process;
    private readonly PostgresServerOptions _options;
    private readonly string _password;

    private PostgresServer(ChildProcess process, PostgresServerOptions options, string password, int port)
    {
        _process = process;
        _options = options;
        _password = password;
        Port = port;
    }

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>The process id of the postmaster.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Ends with the exit code when the server does, whether asked or not.</summary>
    public Task<int> Exited => _process.Exited;

    /// <summary>
    /// Starts the server: finds the programs, makes the data folder if there is none, ends a server that was left
    /// behind with it, and waits until connections are taken.
    /// </summary>
    /// <exception cref="EmbeddedException">
    /// PostgreSQL is not found, the port is taken, or the server does not come up within <see cref="PostgresServerOptions.StartLimit"/>.
    /// </exception>
    public static async Task<PostgresServer> StartAsync(PostgresServerOptions options, CancellationToken cancellationToken = default)
    {
        options = options with { Folder = Path.GetFullPath(options.Folder) };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.StartLimit);
        try
        {
            var (cluster, password) = await PostgresCluster.OpenAsync(options, limit.Token);
            var file = new PostmasterFile(cluster.Folder);
            await file.RecoverAsync(options.Output, limit.Token);
            while (true)
            {
                var port = options.Port ?? LoopbackPort.FindFree();
                if (await LaunchAsync(cluster, file, options, port, limit.Token) is { } process)
                {
                    return new PostgresServer(process, options, password, port);
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new EmbeddedException($"PostgreSQL did not start within {options.StartLimit.TotalSeconds:0} s. Its data is in {options.Folder}.");
        }
    }

    /// <summary>The superuser's connection string for a database of this server.</summary>
    public string ConnectionStringFor(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = IPAddress.Loopback.ToString(),
        Port = Port,
        Username = _options.UserName,
        Password = _password,
        Database = database,
    }.ConnectionString;

    /// <summary>
    /// Stops the server with a clean shutdown that breaks off open connections ("fast"), and without one ("immediate")
    /// if that takes over some seconds.
    /// </summary>
    public Task StopAsync() => StopAsync(StopLimit);

    internal async Task StopAsync(TimeSpan limit)
    {
        var crashLimit = TimeSpan.FromTicks(limit.Ticks / 4);
        _process.Signal(ChildSignal.Interrupt);
        if (await Task.WhenAny(Exited, Task.Delay(limit - crashLimit)) != Exited)
        {
            await _process.StopAsync(ChildSignal.Quit, crashLimit);
        }
    }

    /// <summary>Ends the server as a crash would: nothing is written, the next start recovers from the log.</summary>
    public Task CrashAsync() => _process.StopAsync(ChildSignal.Quit, StopLimit);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process.Dispose();
    }

    /// <summary>The running server, or null when another try is worth it.</summary>
    private static async Task<ChildProcess?> LaunchAsync(
        PostgresCluster cluster,
        PostmasterFile file,
        PostgresServerOptions options,
        int port,
        CancellationToken cancellationToken)
    {
        var tail = new OutputTail();
        var process = await ChildProcess.StartAsync(Command(cluster, options, port), line =>
        {
            tail.Add(line);
            options.Output(line);
        });
        try
        {
            while (!file.IsReady(process.Id))
            {
                if (await Task.WhenAny(process.Exited, Task.Delay(TimeSpan.FromMilliseconds(10), cancellationToken)) == process.Exited)
                {
                    var text = tail.ToString();
                    process.Dispose();
                    // The backends of a server that was killed need a moment to notice; they hold its shared memory until then.
                    if (text.Contains("pre-existing shared memory", StringComparison.Ordinal)
                        || (options.Port is null && text.Contains("Address already in use", StringComparison.Ordinal)))
                    {
                        await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
                        return null;
                    }
                    throw new EmbeddedException($"PostgreSQL ended while it started:\n{text}");
                }
                cancellationToken.ThrowIfCancellationRequested();
            }
            return process;
        }
        catch (OperationCanceledException)
        {
            await process.StopAsync(ChildSignal.Quit, StopLimit);
            process.Dispose();
            throw;
        }
    }

    private static ChildCommand Command(PostgresCluster cluster, PostgresServerOptions options, int port)
    {
        Dictionary<string, string> settings = new()
        {
            ["listen_addresses"] = IPAddress.Loopback.ToString(),
            ["port"] = port.ToString(CultureInfo.InvariantCulture),
            // Sockets in the file system would need a folder with a short path that two accounts may use.
            ["unix_socket_directories"] = "",
            ["max_connections"] = "200",
            ["log_line_prefix"] = "",
            ["log_checkpoints"] = "off",

            // The details of an error quote the values of rows: Key (email)=(...) already exists.
            ["log_error_verbosity"] = "terse",
        };
        if (!options.Durable)
        {
            settings["fsync"] = "off";
            settings["synchronous_commit"] = "off";
            settings["full_page_writes"] = "off";
        }
        foreach (var (name, value) in options.Settings)
        {
            settings[name] = value;
        }
        var arguments = settings.SelectMany(setting => new[] { "-c", $"{setting.Key}={setting.Value}" });
        return new ChildCommand(cluster.Binaries.Server, ["-D", cluster.Folder, .. arguments])
        {
            RunAs = cluster.Owner,
            WorkingDirectory = options.Folder,
            Environment = PostgresCluster.Environment(options.Folder),
            // An immediate shutdown: safe, since the log is on disk, and over in a moment.
            WhenOrphaned = ChildSignal.Quit,
        };
    }
}

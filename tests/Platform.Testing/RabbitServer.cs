using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Platform.Embedded.Folders;
using Platform.Embedded.Network;
using Platform.Embedded.Processes;

namespace Platform.Testing;

/// <summary>
/// A RabbitMQ node of this program's own on loopback, with its own port mapper, ports and folders, so that it meets no other on the machine. Both
/// processes end with this program, also after <c>kill -9</c>.
/// </summary>
public sealed class RabbitServer : IAsyncDisposable
{
    /// <summary>The largest message that the node takes, in bytes.</summary>
    public const int MaxMessageSize = 2 * 1024 * 1024;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(180);
    private static readonly TimeSpan ControlLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);

    // Debian keeps the node's own scripts here; those on the PATH want to run as another user.
    private const string Programs = "/usr/lib/rabbitmq/bin";

    private readonly ThrowawayFolder _folder;
    private readonly Dictionary<string, string?> _environment;
    private readonly ChildProcess _portMapper;
    private readonly ChildProcess _node;

    private RabbitServer(ThrowawayFolder folder, Dictionary<string, string?> environment, int port, ChildProcess portMapper, ChildProcess node)
    {
        (_folder, _environment, Port, _portMapper, _node) = (folder, environment, port, portMapper, node);
    }

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Starts a node and waits until it speaks AMQP.</summary>
    /// <exception cref="InvalidOperationException">RabbitMQ is not installed, or ended while it started.</exception>
    public static async Task<RabbitServer> StartAsync(CancellationToken cancellationToken = default)
    {
        var portMapperProgram = ExecutablePath.Find("epmd");
        if (portMapperProgram is null || !File.Exists(Path.Combine(Programs, "rabbitmq-server")))
        {
            throw new InvalidOperationException("RabbitMQ is not installed: apt-get install rabbitmq-server.");
        }

        var folder = ThrowawayFolder.Create();
        var tail = new OutputTail();
        var (port, distribution, mapper) = (LoopbackPort.FindFree(), LoopbackPort.FindFree(), LoopbackPort.FindFree());
        var environment = EnvironmentOf(folder.Path, port, distribution, mapper);
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "plugins"), "[].", cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "rabbitmq.conf"), "disk_free_limit.absolute = 1MB\nvm_memory_high_watermark.absolute = 1GB\n"
            + string.Create(CultureInfo.InvariantCulture, $"max_message_size = {MaxMessageSize}\n"), cancellationToken);
        var portMapper = await ChildProcess.StartAsync(
            new ChildCommand(portMapperProgram, "-address", $"{IPAddress.Loopback}", "-port", $"{mapper}"), tail.Add);
        var node = await ChildProcess.StartAsync(
            new ChildCommand(Path.Combine(Programs, "rabbitmq-server")) { Environment = environment, WorkingDirectory = folder.Path }, tail.Add);
        var server = new RabbitServer(folder, environment, port, portMapper, node);
        try
        {
            await Eventually.BecomesTrueAsync(async () => node.Exited.IsCompleted || await SpeaksAsync(port), StartLimit);
            return node.Exited.IsCompleted ? throw new InvalidOperationException($"RabbitMQ ended while it started:\n{tail}") : server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>The address, for a proxy in front of it if another port is given.</summary>
    public string ConnectionString(int? port = null) => string.Create(CultureInfo.InvariantCulture, $"amqp://guest:guest@127.0.0.1:{port ?? Port}");

    /// <summary>Runs <c>rabbitmqctl</c>.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public async Task ControlAsync(params string[] arguments)
    {
        using var limit = new CancellationTokenSource(ControlLimit);
        var (exitCode, output) = await ChildProcess.RunAsync(
            new ChildCommand(Path.Combine(Programs, "rabbitmqctl"), arguments) { Environment = _environment }, limit.Token);
        if (exitCode != 0)
        {
            throw new InvalidOperationException($"rabbitmqctl {string.Join(' ', arguments)} failed:\n{output}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Nothing of it is wanted any more: no clean shutdown.
        await _node.StopAsync(ChildSignal.Kill, StartLimit);
        await _portMapper.StopAsync(ChildSignal.Kill, StartLimit);
        _node.Dispose();
        _portMapper.Dispose();
        _folder.Dispose();
    }

    private static Dictionary<string, string?> EnvironmentOf(string folder, int port, int distribution, int mapper) => new()
    {
        ["HOME"] = folder,
        ["RABBITMQ_NODENAME"] = $"platform-{port}@localhost",
        ["RABBITMQ_NODE_IP_ADDRESS"] = $"{IPAddress.Loopback}",
        ["RABBITMQ_NODE_PORT"] = $"{port}",
        ["RABBITMQ_DIST_PORT"] = $"{distribution}",
        ["ERL_EPMD_PORT"] = $"{mapper}",
        ["ERL_EPMD_ADDRESS"] = $"{IPAddress.Loopback}",
        ["RABBITMQ_MNESIA_BASE"] = Path.Combine(folder, "mnesia"),
        ["RABBITMQ_LOG_BASE"] = Path.Combine(folder, "log"),
        ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(folder, "plugins"),
        ["RABBITMQ_CONFIG_FILE"] = Path.Combine(folder, "rabbitmq"),
        ["RABBITMQ_CONF_ENV_FILE"] = Path.Combine(folder, "none"),
        // The distribution on loopback only; no spinning while idle, which other tests would pay for.
        ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none",
        // The script then becomes the node instead of staying beside it, so that its id is the node's.
        ["RUNNING_UNDER_SYSTEMD"] = "true",
    };

    private static async Task<bool> SpeaksAsync(int port)
    {
        using var client = new TcpClient();

        // Whoever else may listen there could keep silent.
        using var limit = new CancellationTokenSource(AnswerLimit);
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port, limit.Token);
            var stream = client.GetStream();
            // AMQP 0-9-1, section 4.2.2: the protocol header; the server answers with connection.start.
            await stream.WriteAsync("AMQP\0\0\x09\x01"u8.ToArray(), limit.Token);
            return await stream.ReadAsync(new byte[1], limit.Token) == 1;
        }
        catch (Exception exception) when (exception is SocketException or IOException or OperationCanceledException)
        {
            return false;
        }
    }
}

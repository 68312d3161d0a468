using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Platform.Embedded.Folders;
using Platform.Embedded.Processes;

namespace Platform.Embedded.Redis;

/// <summary>The machine's own redis-server as a child process.</summary>
internal sealed class RedisProcess : IRedisEngine
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);
    private readonly ChildProcess _process;

    private RedisProcess(ChildProcess process) => _process = process;

    public Task Exited => _process.Exited;

    /// <summary>The program: redis-server, or valkey-server, which grew out of it; null where there is neither.</summary>
    public static string? Find() => ExecutablePath.Find("redis-server") ?? ExecutablePath.Find("valkey-server");

    public static async Task<RedisProcess> StartAsync(RedisServerOptions options, int port, CancellationToken cancellationToken)
    {
        var program = Find() ?? throw new EmbeddedException("redis-server was not found on PATH.");
        var owner = UnixUser.ForServers();
        var folder = options.Folder is null ? null : OwnedFolder.Create(Path.Combine(OwnedFolder.Create(options.Folder, owner), "redis"), owner, isPrivate: true);
        var tail = new OutputTail();
        // "-" takes the configuration from standard input: the password is on no command line and in no file.
        var command = new ChildCommand(program, "-")
        {
            RunAs = owner,
            WorkingDirectory = folder ?? Path.GetTempPath(),
            StandardInput = Configuration(options, port, folder),
            WhenOrphaned = folder is null ? ChildSignal.Kill : ChildSignal.Terminate,
        };
        var process = await ChildProcess.StartAsync(command, line =>
        {
            tail.Add(line);
            options.Output(line);
        });
        options.Started(process.Id);
        try
        {
            while (!await AnswersAsync(port, cancellationToken))
            {
                if (process.Exited.IsCompleted)
                {
                    throw new EmbeddedException($"redis-server ended while it started:\n{tail}");
                }
                await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken);
            }
            return new RedisProcess(process);
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    public async Task StopAsync()
    {
        await _process.StopAsync(ChildSignal.Terminate, StopLimit);
        _process.Dispose();
    }

    private static string Configuration(RedisServerOptions options, int port, string? folder)
    {
        var lines = new StringBuilder()
            .AppendLine(CultureInfo.InvariantCulture, $"bind {IPAddress.Loopback}")
            .AppendLine(CultureInfo.InvariantCulture, $"port {port}")
            .AppendLine(folder is null ? "save \"\"" : "appendonly yes");
        if (folder is not null)
        {
            lines.AppendLine(CultureInfo.InvariantCulture, $"dir \"{folder}\"");
        }
        if (options.Password is not null)
        {
            lines.AppendLine(CultureInfo.InvariantCulture, $"requirepass \"{options.Password}\"");
        }
        return lines.ToString();
    }

    /// <summary>Whether the server answers PING, if only to say that it wants a password.</summary>
    private static async Task<bool> AnswersAsync(int port, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            var stream = client.GetStream();
            await stream.WriteAsync("PING\r\n"u8.ToArray(), cancellationToken);
            var answer = new byte[8];
            var length = await stream.ReadAtLeastAsync(answer, 5, throwOnEndOfStream: false, cancellationToken);
            var text = Encoding.ASCII.GetString(answer, 0, length);
            return text.StartsWith("+PONG", StringComparison.Ordinal) || text.StartsWith("-NOAU", StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return false;
        }
    }
}

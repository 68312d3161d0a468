using System.Net;
using System.Net.Sockets;
using Garnet;
using Garnet.server;
using Garnet.server.Auth.Settings;
using Tsavorite.core;

namespace Platform.Embedded.Redis;

/// <summary>Microsoft.Garnet in this process, sized for a developer's machine.</summary>
internal sealed class GarnetEngine : IRedisEngine
{
    private readonly GarnetServer _server;
    private readonly TaskCompletionSource _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _stopped;

    private GarnetEngine(GarnetServer server) => _server = server;

    public Task Exited => _exited.Task;

    public static GarnetEngine Start(RedisServerOptions options, int port)
    {
        var settings = new GarnetServerOptions
        {
            EndPoints = [new IPEndPoint(IPAddress.Loopback, port)],
            QuietMode = true,
            LogMemorySize = "128m",
            PageSize = "4m",
            IndexMemorySize = "16m",
            EnableLua = true,
            LuaOptions = new LuaOptions(),
            AuthSettings = options.Password is null ? null : new PasswordAuthenticationSettings(options.Password),
        };
        if (options.Folder is not null)
        {
            settings.EnableAOF = true;
            settings.AofMemorySize = "32m";
            settings.AofPageSize = "8m";
            // Past this a checkpoint takes the log's place.
            settings.AofSizeLimit = "256m";
            settings.Recover = true;
            // The native one needs libaio, which few machines have.
            settings.DeviceType = DeviceType.RandomAccess;
            settings.CheckpointDir = Directory.CreateDirectory(Path.Combine(options.Folder, "garnet")).FullName;
        }
        try
        {
            var server = new GarnetServer(settings);
            server.Start();
            return new GarnetEngine(server);
        }
        catch (SocketException exception)
        {
            throw new EmbeddedException($"Garnet cannot listen on port {port}: {exception.Message}", exception);
        }
    }

    public Task StopAsync()
    {
        if (Interlocked.Exchange(ref _stopped, 1) == 0)
        {
            _server.Dispose();
            _exited.SetResult();
        }
        return _exited.Task;
    }
}

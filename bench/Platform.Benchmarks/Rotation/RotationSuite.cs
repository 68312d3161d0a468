using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Platform.Benchmarks.Api;
using Platform.Embedded.Folders;
using Platform.Embedded.Network;
using Platform.Secrets;
using Platform.Secrets.Victim;

namespace Platform.Benchmarks.Rotation;

/// <summary>
/// Suite <c>rotation</c>: requests that fail at two replicas while a database role, the signing key and a client's secret rotate, and the worker that does it is killed at every step,
/// before and after it changes the outside world.
/// </summary>
/// <param name="quick">Fewer kills.</param>
/// <param name="output">Where the table goes.</param>
internal sealed class RotationSuite(bool quick, TextWriter output)
{
    // How many instead of 100, or of 5 where it is quick.
    private const string Kills = "PLATFORM_ROTATION_KILLS";

    private const string Prefix = "bench";
    private const string Lease = "00:00:03";
    private const int Killed = 137;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public async Task<IReadOnlyDictionary<string, double>> RunAsync(CancellationToken cancellationToken)
    {
        var kills = int.TryParse(Environment.GetEnvironmentVariable(Kills), NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : quick ? 5 : 100;
        using var folder = ThrowawayFolder.Create();
        await using var server = await PlatformServer.StartAsync(folder.Path, durable: false, cancellationToken);
        var connectionString = server.ConnectionStringFor(PlatformServer.Database);
        var settings = RotationHost.Settings(Prefix);
        settings["Platform:Secrets:Lease"] = Lease;
        var (onePort, twoPort) = (LoopbackPort.FindFree(), LoopbackPort.FindFree());
        var issuer = new Uri($"http://127.0.0.1:{onePort}/");
        await using var one = await ApiProcess.StartAsync(onePort, issuer, connectionString, settings, cancellationToken);
        await using var two = await ApiProcess.StartAsync(twoPort, issuer, connectionString, settings, cancellationToken);

        // Follows secrets as the client's own service would, and goes on with what the dead left.
        var point = new KillPoint("never", 1);
        await using var worker = RotationHost.Build(connectionString, [.. settings, new("urls", "http://127.0.0.1:0")], builder => point.Surround(builder.Services));
        await worker.StartAsync(cancellationToken);
        var store = worker.Services.GetRequiredService<IRotationStore>();
        point.PromotedAt = async name => (await store.StatusAsync(name, default)) is [var status] ? status.RotatedAt : null;
        await using var load = new RotationLoad(worker.Services.GetRequiredService<ISecrets>(), [one.Address, two.Address]);
        load.Start();

        var dead = 0;
        for (var i = 0; i < kills; i++)
        {
            var name = quick ? KillPoint.Names[(i * 2) + 1] : KillPoint.Names[i % KillPoint.Names.Length];
            if (await ApiProcess.RunAsync("VictimAssembly", null, [connectionString, Prefix, Lease, name], cancellationToken) is not Killed and var code)
            {
                throw new InvalidOperationException($"The worker that was to die at {name} ended by itself with {code}.");
            }

            dead++;
            await Task.WhenAll(RotationHost.Names.Select(secret => SettleAsync(worker.Services, secret, cancellationToken)));
        }

        await load.StopAsync();
        var orphans = 0;
        foreach (var secret in RotationHost.Names)
        {
            var (removed, left) = await worker.Services.GetRequiredService<RotationEngine>().CleanAsync(secret, cancellationToken);
            orphans += removed + left;
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{dead,4} workers killed, {kills * RotationHost.Names.Length,4} rotations, {load.Served,7} requests served, {load.Failed,4} failed {load.LastFailure}, {orphans} orphans"));
        return new Dictionary<string, double> { ["failed_requests"] = load.Failed, ["killed"] = dead, ["served_requests"] = load.Served, ["orphans"] = orphans };
    }

    private static async Task SettleAsync(IServiceProvider services, string name, CancellationToken cancellationToken)
    {
        var (engine, store) = (services.GetRequiredService<RotationEngine>(), services.GetRequiredService<IRotationStore>());
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                // Nothing while the dead one's lease runs.
                await engine.ResumeAsync(name, cancellationToken);
            }
            catch (Exception e) when (e is RotationException or LeaseLostException)
            {
                // A step took too long on a busy machine: once more.
            }

            // None: the dead one had not come to this secret.
            if (await store.StatusAsync(name, cancellationToken) is [] or [{ Rotation: null or { State: RotationState.Completed } }])
            {
                return;
            }

            if (TimeProvider.System.GetElapsedTime(began) > Patience)
            {
                throw new TimeoutException($"The rotation of {name} does not come to its end.");
            }

            await Task.Delay(50, cancellationToken);
        }
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Platform.Domain;
using Platform.Secrets.Tests.Support;
using Platform.Secrets.Victim;
using Platform.Testing;

namespace Platform.Secrets.Tests.Chaos;

/// <summary>
/// A worker is killed, as with kill -9, at each step of the rotation of a database role, a client's secret and the signing key, while two replicas serve. Once each by
/// default; <c>PLATFORM_ROTATION_KILLS=100</c> kills a hundred times.
/// </summary>
public sealed class KilledRotationTests(PostgresFixture postgres)
{
    private const string Kills = "PLATFORM_ROTATION_KILLS";

    // A step has two thirds of it; whoever goes on waits for it.
    private const string Lease = "00:00:03";

    // By default what leaves the outside world changed and nothing saved of it.
    private static readonly string[] Worst = [.. KillPoint.Names.Where(name => name.EndsWith("after", StringComparison.Ordinal))];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Worker_killed_at_each_step_under_load_costs_no_request_and_leaves_no_credential()
    {
        var kills = int.TryParse(Environment.GetEnvironmentVariable(Kills), NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : Worst.Length;
        var points = asked > 0 ? KillPoint.Names : Worst;
        await using var scene = await SecretsScene.OpenAsync(postgres, null, ("Platform:Secrets:Lease", Lease));
        var settler = scene.Replica(builder => Settle(builder.Services, scene));
        await using var one = scene.Api();
        await using var two = scene.Api();
        await using var load = new LoadedReplicas(one, two);
        load.Start();
        await Eventually.BecomesTrueAsync(() => load.Served > 20, TimeSpan.FromSeconds(20));

        // The next one starts while another goes on with what the last one left.
        var next = VictimAsync(scene, points[0]);
        for (var i = 0; i < kills; i++)
        {
            using var victim = await next;
            await victim.StandardInput.WriteLineAsync("go");
            await victim.WaitForExitAsync(Cancel).WaitAsync(TimeSpan.FromSeconds(90), Cancel);
            Assert.Equal(137, victim.ExitCode);
            next = i + 1 < kills ? VictimAsync(scene, points[(i + 1) % points.Length]) : next;
            await Task.WhenAll(RotationHost.Names.Select(name => SettleAsync(settler, name)));
        }

        var served = load.Served;
        await Eventually.BecomesTrueAsync(() => load.Served > served + 20);
        await load.StopAsync();
        Assert.Empty(load.Failures);
        foreach (var name in RotationHost.Names)
        {
            Assert.Equal((0, 0), await settler.GetRequiredService<RotationEngine>().CleanAsync(name, Cancel));
            Assert.Equal(SecretStage.Current, Assert.Single((await scene.OpenSecretAsync(name)).Versions).Stage);
            Assert.Equal(kills, (await scene.QueryAsync<long>($"SELECT count(*) FROM platform.core_secret_rotation WHERE name = '{name}' AND state = 4"))[0]);
        }

        Assert.Single(await scene.QueryAsync<string>($"SELECT rolname FROM pg_roles WHERE rolcanlogin AND rolname LIKE '{scene.Prefix}\\_%'"));
        Assert.Equal([(await scene.OpenSecretAsync(DomainSecrets.TokenSigning)).Current!.Id], await scene.QueryAsync<Guid>(
            "SELECT id FROM platform.identity_key WHERE kind = 'Signing' AND (expires_at IS NULL OR expires_at > now())"));
        Assert.Equal([true], await scene.QueryAsync<bool>("SELECT properties IS NULL OR properties NOT LIKE '%platform:secrets%' FROM platform.identity_application WHERE client_id = 'demo'"));
    }

    private static void Settle(IServiceCollection services, SecretsScene scene)
    {
        var point = new KillPoint("never", 1) { PromotedAt = async name => (await scene.StatusAsync(name)).RotatedAt };
        point.Surround(services);
    }

    private static async Task SettleAsync(IServiceProvider worker, string name)
    {
        var (engine, store) = (worker.GetRequiredService<RotationEngine>(), worker.GetRequiredService<IRotationStore>());
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                // Nothing while the dead one's lease runs.
                await engine.ResumeAsync(name, Cancel);
                return (await store.StatusAsync(name, Cancel)) is [{ Rotation.State: RotationState.Completed }];
            },
            TimeSpan.FromSeconds(30));
    }

    // A process that has done everything but begin.
    private static async Task<Process> VictimAsync(SecretsScene scene, string point)
    {
        var program = typeof(KilledRotationTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "VictimAssembly").Value!;
        var process = Process.Start(new ProcessStartInfo("dotnet", [program, scene.ConnectionString, scene.Prefix, Lease, point])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        Assert.Equal("ready", await process.StandardOutput.ReadLineAsync(Cancel).AsTask().WaitAsync(TimeSpan.FromSeconds(90), Cancel));
        return process;
    }
}

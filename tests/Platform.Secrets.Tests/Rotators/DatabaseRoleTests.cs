using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Platform.Domain.Persistence;
using Platform.Secrets.Tests.Support;
using Platform.Secrets.Victim;
using Platform.Testing;

namespace Platform.Secrets.Tests.Rotators;

public sealed class DatabaseRoleTests(PostgresFixture postgres)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Hosts_connect_as_the_role_of_the_moment_and_the_one_before_cannot_log_in_any_more()
    {
        await using var scene = await SecretsScene.OpenAsync(postgres);
        var host = await scene.FollowerAsync();
        var configured = await SessionUserAsync(host);

        foreach (var expected in new[] { "_a", "_b", "_a" })
        {
            Assert.Equal(RotationState.Completed, (await RotateAsync(scene)).State);
            Assert.Equal($"{scene.Prefix}{expected}", await SessionUserAsync(host));
            Assert.Equal([$"{scene.Prefix}{expected}"], await scene.QueryAsync<string>(
                $"SELECT rolname FROM pg_roles WHERE rolcanlogin AND rolname LIKE '{scene.Prefix}\\_%'"));
        }

        // Whoever owns the tables is whom both act as; a host that starts now begins as it is configured and goes on as the role.
        Assert.Equal(configured, await ScalarAsync(host, "SELECT current_user::text"));
        Assert.Equal($"{scene.Prefix}_a", await SessionUserAsync(await scene.FollowerAsync()));
    }

    [Fact]
    public async Task Password_never_reaches_the_server_in_any_statement()
    {
        await using var scene = await SecretsScene.OpenAsync(postgres);
        var statements = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => statements.Enqueue(string.Join(' ', activity.TagObjects.Select(tag => tag.Value))),
        };
        ActivitySource.AddActivityListener(listener);
        await RotateAsync(scene);

        var password = (await scene.OpenSecretAsync(RotationHost.Role)).Current!.Value;
        Assert.Contains(statements, statement => statement.Contains($"\"{scene.Prefix}_a\" LOGIN PASSWORD 'SCRAM-SHA-256$", StringComparison.Ordinal));
        Assert.DoesNotContain(statements, statement => statement.Contains(password, StringComparison.Ordinal));
        var kept = Assert.Single(await scene.QueryAsync<string>($"SELECT rolpassword FROM pg_authid WHERE rolname = '{scene.Prefix}_a'"));
        Assert.Contains(statements, statement => statement.Contains(kept, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Queries_go_on_while_roles_are_swapped_and_no_connection_of_the_role_before_stays()
    {
        await using var scene = await SecretsScene.OpenAsync(postgres);
        var host = await scene.FollowerAsync();
        await RotateAsync(scene);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var done = 0;
        var loops = Enumerable.Range(0, 8).Select(async _ =>
        {
            while (!stop.IsCancellationRequested)
            {
                await SessionUserAsync(host);
                Interlocked.Increment(ref done);
            }
        }).ToArray();

        for (var i = 0; i < 6; i++)
        {
            await RotateAsync(scene);
            var from = Volatile.Read(ref done);
            await Eventually.BecomesTrueAsync(() => Volatile.Read(ref done) > from + 50);
        }

        await stop.CancelAsync();
        await Task.WhenAll(loops);
        var left = (await scene.OpenSecretAsync(RotationHost.Role)).Current!.Reference == $"{scene.Prefix}_a" ? "_b" : "_a";
        await Eventually.BecomesTrueAsync(async () => (await scene.QueryAsync<long>(
            $"SELECT count(*) FROM pg_stat_activity WHERE usename = '{scene.Prefix}{left}' AND application_name <> 'platform secrets'"))[0] == 0);
    }

    [Fact]
    public async Task Emergency_throws_sessions_of_the_role_before_out()
    {
        await using var scene = await SecretsScene.OpenAsync(postgres, null, ("Platform:Secrets:Items:database:Overlap", "01:00:00"));
        await scene.RotateAsync(RotationHost.Role);
        var before = (await scene.OpenSecretAsync(RotationHost.Role)).Current!;
        await using var thief = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(scene.ConnectionString) { Username = before.Reference, Password = before.Value, Pooling = false }.ConnectionString);
        await thief.OpenAsync(Cancel);

        Assert.Equal(RotationState.Completed, (await scene.RotateAsync(RotationHost.Role, RotationTrigger.Emergency)).State);
        await using var command = new NpgsqlCommand("SELECT 1", thief);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => command.ExecuteScalarAsync(Cancel));
        await thief.CloseAsync();
        await Assert.ThrowsAsync<PostgresException>(() => thief.OpenAsync(Cancel));
    }

    [Fact]
    public async Task Role_that_nobody_keeps_a_password_of_is_found_and_closed()
    {
        await using var scene = await SecretsScene.OpenAsync(postgres);
        await RotateAsync(scene);
        await scene.QueryAsync<object>($"CREATE ROLE \"{scene.Prefix}_b\" LOGIN PASSWORD 'left over'");
        Assert.Equal((1, 0), await scene.Engine.CleanAsync(RotationHost.Role, Cancel));
        Assert.Equal([false], await scene.QueryAsync<bool>($"SELECT rolcanlogin FROM pg_roles WHERE rolname = '{scene.Prefix}_b'"));
        Assert.Equal((0, 0), await scene.Engine.CleanAsync(RotationHost.Role, Cancel));
    }

    private static async Task<Rotation> RotateAsync(SecretsScene scene)
    {
        var rotation = await scene.RotateAsync(RotationHost.Role);
        return rotation.State is RotationState.Completed ? rotation : (await scene.Engine.ResumeAsync(RotationHost.Role, Cancel))!;
    }

    private static Task<string> SessionUserAsync(IServiceProvider host) => ScalarAsync(host, "SELECT session_user::text");

    private static async Task<string> ScalarAsync(IServiceProvider host, string sql)
    {
        await using var scope = host.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<PlatformDbContext>().Database;
        await database.OpenConnectionAsync(Cancel);
        await using var command = new NpgsqlCommand(sql, (NpgsqlConnection)database.GetDbConnection());
        return (string)(await command.ExecuteScalarAsync(Cancel))!;
    }
}

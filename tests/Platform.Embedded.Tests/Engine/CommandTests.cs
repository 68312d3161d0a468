using Platform.Embedded.Commands;
using Platform.Embedded.Processes;

namespace Platform.Embedded.Tests.Engine;

public sealed class CommandTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Data_and_secrets_survive_a_restart_and_reset_removes_them()
    {
        using var folder = Embedded.Folders.ThrowawayFolder.Create();
        string secret;
        await using (var first = await HostProcess.ReadyAsync("servers", folder.Path))
        {
            secret = await first.GetAsync("service", "/environment");
            first.Signal(ChildSignal.Terminate);
            await first.Exited.WaitAsync(TimeSpan.FromSeconds(15), Stop);
        }
        await using (var second = await HostProcess.ReadyAsync("servers", folder.Path))
        {
            Assert.Equal(ApiKey(secret), ApiKey(await second.GetAsync("service", "/environment")));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(second.DataFolder, "secrets.json")));

            // Not under the feet of one that runs.
            await using var tooEarly = await HostProcess.StartAsync("servers", folder.Path, null, "reset", "--data", second.DataFolder);
            Assert.Equal(1, await tooEarly.Exited.WaitAsync(TimeSpan.FromSeconds(30), Stop));
        }

        var data = Path.Combine(folder.Path, "data");
        await using var reset = await HostProcess.StartAsync("servers", folder.Path, null, "reset", "--data", data);
        Assert.Equal(0, await reset.Exited.WaitAsync(TimeSpan.FromSeconds(30), Stop));
        Assert.False(Directory.Exists(data));
    }

    [Fact]
    public async Task Reset_leaves_a_folder_alone_that_holds_no_data_of_an_AppHost()
    {
        using var folder = Embedded.Folders.ThrowawayFolder.Create();
        var file = Path.Combine(folder.Path, "precious");
        await File.WriteAllTextAsync(file, "", Stop);
        await using var host = await HostProcess.StartAsync("servers", null, null, "reset", "--data", folder.Path);
        Assert.Equal(1, await host.Exited.WaitAsync(TimeSpan.FromSeconds(30), Stop));
        Assert.True(File.Exists(file));
    }

    [Fact]
    public async Task Doctor_says_what_is_found()
    {
        await using var host = await HostProcess.StartAsync("servers", null, null, "doctor");
        Assert.Equal(0, await host.Exited.WaitAsync(TimeSpan.FromSeconds(30), Stop));
        Assert.True(host.Says("ok       PostgreSQL: "), string.Join('\n', host.Output));
        Assert.True(host.Says("Everything is there."));
    }

    [Fact]
    public async Task Doctor_says_what_is_missing_and_what_to_do()
    {
        using var empty = Embedded.Folders.ThrowawayFolder.Create();
        await using var host = await HostProcess.StartAsync("servers", null, new() { ["PLATFORM_POSTGRES_BIN"] = empty.Path }, "doctor");
        Assert.Equal(1, await host.Exited.WaitAsync(TimeSpan.FromSeconds(30), Stop));
        Assert.True(host.Says($"MISSING  PostgreSQL: PLATFORM_POSTGRES_BIN is {empty.Path}"), string.Join('\n', host.Output));
    }

    [Fact]
    public async Task An_unknown_argument_is_answered_with_the_usage()
    {
        await using var host = await HostProcess.StartAsync("one", null, null, "--quickly");
        Assert.Equal(2, await host.Exited.WaitAsync(TimeSpan.FromSeconds(30), Stop));
        Assert.True(host.Says("Unknown argument: --quickly"));
        Assert.True(host.Says("--ephemeral"));
    }

    [Fact]
    public void Ephemeral_and_a_data_folder_exclude_each_other() =>
        Assert.Throws<UsageException>(() => AppHostArguments.Parse(["--ephemeral", "--data", "somewhere"]));

    private static string ApiKey(string environment) => environment[environment.IndexOf("API_KEY", StringComparison.Ordinal)..].Split('"')[2];
}

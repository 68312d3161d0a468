using System.Diagnostics;
using System.Text.Json;
using Npgsql;
using Platform.Embedded.Engine;
using Platform.Embedded.Folders;
using Platform.Embedded.Output;
using Platform.Embedded.Processes;
using Platform.Testing;

namespace Platform.Embedded.Tests.Engine;

public sealed class CrashTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("kernel")]
    [InlineData("shell")]
    public async Task Kill_9_leaves_no_process_behind_and_the_next_start_recovers_the_data(string watch)
    {
        Dictionary<string, string?> environment = new() { ["PLATFORM_ORPHAN_WATCH"] = watch };
        using var folder = ThrowawayFolder.Create();
        int[] processes;
        await using (var first = await HostProcess.ReadyAsync("servers", folder.Path, environment))
        {
            processes = [int.Parse(await first.GetAsync("service")), await ExecuteAsync(first, "CREATE TABLE kept (id int); INSERT INTO kept VALUES (1); SELECT pg_backend_pid()")];
            await first.KillAsync();
        }
        await Eventually.BecomesTrueAsync(() => processes.All(id => RunningProcess.StartTime(id) is null), TimeSpan.FromSeconds(10));
        await Eventually.BecomesTrueAsync(() => !RunsFor(folder.Path), TimeSpan.FromSeconds(10));

        await using var second = await HostProcess.ReadyAsync("servers", folder.Path, environment);
        Assert.Equal(1, await ExecuteAsync(second, "SELECT count(*)::int FROM kept"));
    }

    [Fact]
    public async Task The_next_start_ends_what_a_crash_of_the_last_one_left_behind_and_nothing_else()
    {
        using var folder = ThrowawayFolder.Create();
        using var left = Process.Start("sleep", ["600"]);
        using var other = Process.Start("sleep", ["600"]);
        // A process that has ended gave its id to another program.
        var record = JsonSerializer.Serialize(new[]
        {
            new { left.Id, Started = (DateTimeOffset)left.StartTime, Name = "service" },
            new { other.Id, Started = (DateTimeOffset)other.StartTime.AddMinutes(-5), Name = "service" },
        });
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "processes.json"), record, Stop);
        await using var output = new ConsoleOutput([], TextWriter.Null, colour: false);

        await new ProcessRecord(folder.Path).EndLeftBehindAsync(output, Stop);

        Assert.True(left.HasExited);
        Assert.False(other.HasExited);
        other.Kill();
    }

    [Fact]
    public async Task A_second_AppHost_on_the_same_data_is_refused_and_told_of_the_first()
    {
        await using var first = await HostProcess.ReadyAsync("one");
        await using var second = await HostProcess.StartAsync("one", first.Folder);
        Assert.Equal(1, await second.Exited.WaitAsync(TimeSpan.FromSeconds(30), Stop));
        Assert.True(second.Says($"error: Another AppHost (process {first.ProcessId}) uses the data in {first.DataFolder}."), string.Join('\n', second.Output));
        Assert.True(File.Exists(first.EndpointsFile));
    }

    [Fact]
    public async Task Two_ephemeral_AppHosts_at_once_do_not_disturb_each_other()
    {
        using var folder = ThrowawayFolder.Create();
        string[] files = [Path.Combine(folder.Path, "1.json"), Path.Combine(folder.Path, "2.json")];
        var hosts = await Task.WhenAll(files.Select(file => HostProcess.ReadyAsync("servers", folder.Path, null, "--ephemeral", "--endpoints", file)));
        await using var first = hosts[0];
        await using var second = hosts[1];

        var services = await Task.WhenAll(files.Select(async file =>
        {
            using var document = JsonDocument.Parse(await File.ReadAllTextAsync(file, Stop));
            return document.RootElement.GetProperty("service").GetString();
        }));

        Assert.Equal(2, services.Distinct().Count());
    }

    /// <summary>Whether any process has the folder on its command line.</summary>
    private static bool RunsFor(string folder) => Process.GetProcesses().Any(process =>
    {
        using (process)
        {
            return process.Id != Environment.ProcessId && RunningProcess.CommandLine(process.Id)?.Contains(folder, StringComparison.Ordinal) == true;
        }
    });

    private static async Task<int> ExecuteAsync(HostProcess host, string sql)
    {
        await using var source = NpgsqlDataSource.Create(host.Address("postgres"));
        await using var command = source.CreateCommand(sql);
        return (int)(await command.ExecuteScalarAsync(Stop))!;
    }
}

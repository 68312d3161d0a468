using System.Diagnostics;
using Platform.Embedded.Processes;

namespace Platform.Embedded.Tests.Engine;

public sealed class StartAndStopTests
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Resources_start_after_what_they_wait_for_and_stop_before_it()
    {
        await using var host = await HostProcess.ReadyAsync("chain");
        Assert.Equal(["migrations started", "migrations ended", "back started", "front started"], host.Events);

        host.Signal(ChildSignal.Terminate);

        Assert.Equal(0, await host.Exited.WaitAsync(StopLimit, TestContext.Current.CancellationToken));
        Assert.Equal(["front stopped", "back stopped"], host.Events[4..]);
    }

    [Fact]
    public async Task The_addresses_are_in_a_private_file_while_everything_is_ready()
    {
        await using var host = await HostProcess.ReadyAsync("one");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(host.EndpointsFile));
        Assert.NotEmpty(await host.GetAsync("service"));
        Assert.Equal(host.ProcessId.ToString(), host.Address("pid"));

        host.Signal(ChildSignal.Interrupt);

        Assert.Equal(0, await host.Exited.WaitAsync(StopLimit, TestContext.Current.CancellationToken));
        Assert.False(File.Exists(host.EndpointsFile));
    }

    [Fact]
    public async Task A_job_that_fails_ends_the_start_and_names_what_was_not_started()
    {
        await using var host = await HostProcess.StartAsync("failing job");
        Assert.Equal(1, await host.Exited.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
        Assert.True(host.Says("error: migrations ended with exit code 3, so what waits for it was not started: front."), string.Join('\n', host.Output));
        Assert.DoesNotContain("front started", host.Events);
    }

    [Fact]
    public async Task A_service_that_never_gets_ready_ends_the_start()
    {
        await using var host = await HostProcess.StartAsync("never ready");
        Assert.Equal(1, await host.Exited.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
        Assert.True(host.Says("error: service ended 5 times before it was ready, the last time with exit code 4."), string.Join('\n', host.Output));
    }

    [Fact]
    public async Task A_service_that_does_not_heed_the_signal_is_killed_in_time()
    {
        await using var host = await HostProcess.ReadyAsync("deaf");
        var service = int.Parse(await host.GetAsync("service"));

        host.Signal(ChildSignal.Terminate);

        Assert.Equal(0, await host.Exited.WaitAsync(StopLimit, TestContext.Current.CancellationToken));
        Assert.Throws<ArgumentException>(() => Process.GetProcessById(service));
    }

    [Fact]
    public async Task A_taken_port_is_named_with_the_process_that_holds_it()
    {
        await using var first = await HostProcess.ReadyAsync("one");
        var holder = await first.GetAsync("service");
        var port = new Uri(first.Address("service")).Port;

        await using var second = await HostProcess.StartAsync("one", environment: new() { ["SERVICE_PORT"] = port.ToString() });

        Assert.Equal(1, await second.Exited.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.True(second.Says($"error: Port {port}, which service listens on, is taken by process {holder} ("), string.Join('\n', second.Output));
    }

    [Fact]
    public async Task The_end_of_the_dotnet_run_that_started_it_ends_it()
    {
        await using var host = await HostProcess.ReadyAsync("one");
        var project = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../Platform.Embedded.TestHost"));
        var output = new System.Collections.Concurrent.ConcurrentQueue<string>();
        using var run = await ChildProcess.StartAsync(
            new ChildCommand(DotnetHost.Path, "run", "--no-build", "--project", project, "--configuration", Configuration, "--", "--ephemeral")
            {
                Environment = new Dictionary<string, string?> { ["TOPOLOGY"] = "one" },
            },
            output.Enqueue);
        await Testing.Eventually.BecomesTrueAsync(() => output.Any(line => line.StartsWith("ready in", StringComparison.Ordinal)), TimeSpan.FromSeconds(60));

        Assert.Equal(0, PosixCalls.Kill(run.Id, (int)ChildSignal.Kill));

        await Testing.Eventually.BecomesTrueAsync(() => output.Contains("stopped"), TimeSpan.FromSeconds(30));
    }

    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
}

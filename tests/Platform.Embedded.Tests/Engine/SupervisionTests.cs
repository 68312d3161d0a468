using System.Text.Json;
using Platform.Embedded.Processes;
using Platform.Testing;

namespace Platform.Embedded.Tests.Engine;

public sealed class SupervisionTests
{
    [Fact]
    public async Task What_crashes_is_started_again_after_a_growing_delay()
    {
        await using var host = await HostProcess.ReadyAsync("one");
        var first = await host.GetAsync("service");
        await host.PostAsync("service", "/crash");
        await host.UntilSaysAsync("service ended with exit code 134; starting it again in 0.5 s");

        await Eventually.BecomesTrueAsync(async () => await host.GetAsync("service") != first, TimeSpan.FromSeconds(30));
        await host.PostAsync("service", "/crash");
        await host.UntilSaysAsync("starting it again in 1 s");
    }

    [Fact]
    public async Task Connections_go_to_all_replicas_that_are_well()
    {
        await using var host = await HostProcess.ReadyAsync("replicas");
        var processes = await AskAsync(host, 30);
        Assert.Equal(3, processes.Count);

        // One answers that it is not well, another is killed: the third has all connections.
        await host.PostAsync("service", "/sick");
        Assert.Equal(0, PosixCalls.Kill(processes.Order().First(), (int)ChildSignal.Kill));

        await Eventually.BecomesTrueAsync(async () => (await AskAsync(host, 10)).Count < 3, TimeSpan.FromSeconds(10));
        await Eventually.BecomesTrueAsync(async () => (await AskAsync(host, 10)).Except(processes).Any(), TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_project_is_given_the_variables_that_Aspire_would_give_it()
    {
        await using var host = await HostProcess.ReadyAsync("servers", environment: new() { ["PLATFORM_REDIS_SERVER"] = "garnet" });
        var variables = JsonSerializer.Deserialize<Dictionary<string, string>>(await host.GetAsync("service", "/environment"))!;

        Assert.Equal(host.Address("postgres"), variables["ConnectionStrings__shop-db"]);
        Assert.Equal("shop", variables["SHOP_DB_DATABASENAME"]);
        Assert.Equal("127.0.0.1", variables["SHOP_DB_HOST"]);
        Assert.EndsWith(":" + variables["REDIS_PORT"], variables["ConnectionStrings__redis"], StringComparison.Ordinal);
        Assert.Equal(host.Address("service"), variables["ASPNETCORE_URLS"]);
        Assert.Equal("Development", variables["ASPNETCORE_ENVIRONMENT"]);
        Assert.Equal("Development", variables["DOTNET_ENVIRONMENT"]);
        Assert.Equal("service", variables["OTEL_SERVICE_NAME"]);
        Assert.Equal(22, variables["API_KEY"].Length);
    }

    [Fact]
    public async Task A_project_is_given_the_addresses_of_those_that_it_refers_to()
    {
        await using var host = await HostProcess.ReadyAsync("chain");
        var variables = JsonSerializer.Deserialize<Dictionary<string, string>>(await host.GetAsync("front", "/environment"))!;
        Assert.Equal(host.Address("back"), variables["services__back__http__0"]);
        Assert.Equal(host.Address("back"), variables["BACK_HTTP"]);
    }

    private static async Task<HashSet<int>> AskAsync(HostProcess host, int times)
    {
        HashSet<int> processes = [];
        for (var time = 0; time < times; time++)
        {
            // A client of its own for each, since a connection stays with its replica.
            using var client = new HttpClient();
            processes.Add(int.Parse(await client.GetStringAsync(new Uri(host.Address("service")), TestContext.Current.CancellationToken)));
        }
        return processes;
    }
}

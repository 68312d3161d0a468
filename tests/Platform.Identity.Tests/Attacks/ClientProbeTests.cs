using Platform.Api.Tests.Support;
using Platform.Identity.Tests.Support;

namespace Platform.Identity.Tests.Attacks;

/// <summary>Somebody tries out which clients and users there are.</summary>
public sealed class ClientProbeTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    private const int Rounds = 25;

    [Fact]
    public async Task Unknown_and_known_client_ids_get_the_same_answer()
    {
        Assert.Equal(await AskAsync("demo"), await AskAsync("nobody"));
    }

    [Fact]
    public async Task Timing_does_not_tell_unknown_from_known_client_ids()
    {
        var (known, unknown) = await RaceAsync(() => AskAsync("demo"), () => AskAsync("nobody"));

        // The quickest of each: what other programs take of the machine falls out. Without the decoy it is below a third.
        Assert.InRange(unknown / known, 0.5, 2.0);
    }

    [Fact]
    public async Task Timing_does_not_tell_unknown_from_known_users()
    {
        using var browser = host.Browser();
        var (known, unknown) = await RaceAsync(() => browser.SignInAsync("operator", "wrong"), () => browser.SignInAsync("nobody", "wrong"), rounds: 4);
        Assert.InRange(unknown / known, 0.5, 2.0);
    }

    private async Task<string> AskAsync(string client)
    {
        using var http = host.Server.CreateClient();
        using var response = await http.RequestTokenAsync(client, "wrong");
        return $"{response.StatusCode} {await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}";
    }

    private static async Task<(double First, double Second)> RaceAsync(Func<Task> first, Func<Task> second, int rounds = Rounds)
    {
        var best = (First: double.MaxValue, Second: double.MaxValue);
        await first();
        await second();
        for (var i = 0; i < rounds; i++)
        {
            best = (Math.Min(best.First, await TimeAsync(first)), Math.Min(best.Second, await TimeAsync(second)));
        }

        return best;
    }

    private static async Task<double> TimeAsync(Func<Task> work)
    {
        var start = TimeProvider.System.GetTimestamp();
        await work();
        return TimeProvider.System.GetElapsedTime(start).TotalMilliseconds;
    }
}

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Platform.Budgets;
using Platform.Observability.Tests.Support;
using Platform.Testing;

namespace Platform.Observability.Tests.Budgets;

public sealed class BudgetMiddlewareTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_are_measured_by_route_and_nothing_that_a_client_can_invent_is_one()
    {
        await using var host = await TestHost.StartAsync(
            map: app =>
            {
                app.MapGet("/things/{id}", (string id) => id);
                app.MapGet("/broken", IResult () => throw new InvalidOperationException());
                app.MapGet("/stream", () => TypedResults.Text("data: 1\n\n", "text/event-stream"));
                app.MapMethods("/any", ["GET", "BREW"], () => "");
            },
            settings: ("Platform:Budgets:Slide", "00:00:00.100"));
        for (var i = 0; i < 25; i++)
        {
            await GetAsync(host, $"/things/{i}");
            await GetAsync(host, $"/nothing/{i}");
        }

        await GetAsync(host, "/broken");
        await GetAsync(host, "/stream");
        await GetAsync(host, "/healthz");
        using (await host.Client.SendAsync(new HttpRequestMessage(new HttpMethod("BREW"), "/any"), Cancel))
        {
        }

        var board = host.Get<BudgetBoard>();
        await Eventually.BecomesTrueAsync(() => board.Readings().Sum(reading => reading.Requests) >= 27);
        Assert.Equal(
            [("GET /broken", 1, 1), ("GET /things/{id}", 25, 0), ("OTHER /any", 1, 0)],
            board.Readings().Select(reading => (reading.Route, (int)reading.Requests, (int)reading.Failed)));
    }

    [Fact]
    public async Task More_routes_than_allowed_are_measured_together()
    {
        await using var host = await TestHost.StartAsync(
            map: app =>
            {
                for (var i = 0; i < 10; i++)
                {
                    app.MapGet($"/r{i}", () => "");
                }
            },
            settings: [("Platform:Budgets:MaxRoutes", "3"), ("Platform:Budgets:Slide", "00:00:00.100")]);
        for (var i = 0; i < 10; i++)
        {
            await GetAsync(host, $"/r{i}");
        }

        var board = host.Get<BudgetBoard>();
        await Eventually.BecomesTrueAsync(() => board.Readings().Sum(reading => reading.Requests) == 10);
        Assert.Equal(4, board.Readings().Count);
        Assert.Equal(7, board.Readings().Single(reading => reading.Route == BudgetBoard.OtherRoutes).Requests);
    }

    [Theory]
    [InlineData("Platform:Budgets:Default:P50Ms", "-1")]
    [InlineData("Platform:Budgets:Routes:0:Route", "no route")]
    [InlineData("Platform:Budgets:Window", "00:00:01")]
    public async Task Configuration_that_cannot_be_stops_the_start(string key, string value) =>
        await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => TestHost.StartAsync(settings: (key, value)));

    private static async Task GetAsync(TestHost host, string path)
    {
        using var response = await host.Client.GetAsync(path, Cancel);
    }
}

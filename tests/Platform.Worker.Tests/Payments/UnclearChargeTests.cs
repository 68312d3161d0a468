using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Platform.Resilience;
using Platform.Testing;

namespace Platform.Worker.Tests.Payments;

/// <summary>
/// What the handler does when it cannot know whether the money was taken: it asks, with a read that is hedged within its deadline and has a breaker of its own, and charges
/// again only where there is no charge.
/// </summary>
public sealed class UnclearChargeTests(PostgresFixture postgres) : IAsyncLifetime
{
    private GatewayStub _gateway = null!;
    private ChargingHost _host = null!;

    private CircuitBreakers Breakers => _host.Services.GetRequiredService<CircuitBreakers>();

    public async ValueTask InitializeAsync()
    {
        _gateway = await GatewayStub.StartAsync();
        _host = await ChargingHost.StartAsync(
            postgres,
            _gateway.Address,
            hedgeAfter: TimeSpan.FromMilliseconds(50),
            ("Platform:Resilience:Http:MaxRetries", "0"),
            ("Platform:Resilience:Breakers:payment_gateway:Timeout", "00:00:01"),
            ("Platform:Messaging:Subscriptions:payments:RetryDelay", "00:00:00.001"),
            ("Platform:Messaging:Subscriptions:payments:MaxAttempts", "2"));
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _gateway.DisposeAsync();
    }

    [Fact]
    public async Task Charge_that_was_made_is_found_by_a_hedged_read_and_not_made_again()
    {
        Func<HttpContext, Task>[] noGood =
        [
            context =>
            {
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return Task.CompletedTask;
            },
            context =>
            {
                context.Abort();
                return Task.CompletedTask;
            },
            context => Task.Delay(Timeout.Infinite, context.RequestAborted),
        ];
        foreach (var answer in noGood)
        {
            _gateway.Forget();
            _gateway.OnCharge = async (context, take, _) =>
            {
                take();
                await answer(context);
            };

            // The first read hangs; the second is answered.
            _gateway.OnRead = (context, count) => count == 1 ? Task.Delay(Timeout.Infinite, context.RequestAborted) : Task.CompletedTask;
            var started = Stopwatch.GetTimestamp();
            var payment = await _host.PaidAsync(await _host.PlaceAsync());

            // The look took less than its deadline, and so was not repeated with the event.
            Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(3));
            Assert.Contains(payment.GatewayReference, _gateway.Taken.Values);
            Assert.Equal(["POST", "GET", "GET"], _gateway.Requests.Select(request => request.Method));
            Assert.Single(_gateway.Requests.Select(request => request.Key).Distinct());
            Assert.All(_gateway.Requests.Where(request => request.Method == "POST"), request => Assert.InRange(request.DeadlineMs ?? -1, 1, 1_000));
            Assert.All(_gateway.Requests.Where(request => request.Method == "GET"), request => Assert.InRange(request.DeadlineMs ?? -1, 1, 3_000));
        }

        // Reads that work do not hide from the breaker that charges do not.
        Assert.Equal(3, Breakers.Get("payment_gateway").Snapshot.Failures);
        Assert.Equal(0, Breakers.Get("payment_gateway_reads").Snapshot.Failures);
    }

    [Fact]
    public async Task Charge_that_was_not_made_is_made_under_the_same_key_whether_or_not_the_gateway_could_be_asked()
    {
        foreach (var readable in new[] { true, false })
        {
            _gateway.Forget();
            _gateway.OnCharge = (context, take, times) =>
            {
                if (times > 1)
                {
                    return GatewayStub.Done(take);
                }

                context.Response.StatusCode = StatusCodes.Status500InternalServerError;
                return Task.CompletedTask;
            };
            _gateway.OnRead = (context, _) =>
            {
                context.Response.StatusCode = readable ? StatusCodes.Status200OK : StatusCodes.Status500InternalServerError;
                return Task.CompletedTask;
            };
            await _host.PaidAsync(await _host.PlaceAsync());

            // A read that failed is asked again once, wherever else the second may go.
            Assert.Equal(readable ? ["POST", "GET", "POST"] : ["POST", "GET", "GET", "POST"], _gateway.Requests.Select(request => request.Method));
            Assert.Single(_gateway.Requests.Select(request => request.Key).Distinct());
        }

        Assert.Equal(2, _gateway.Taken.Count);
        Assert.Equal(1, Breakers.Get("payment_gateway_reads").Snapshot.Failures);
    }

    [Fact]
    public async Task Nobody_asks_for_a_charge_that_was_refused_or_never_sent()
    {
        _gateway.OnCharge = (context, _, _) =>
        {
            context.Response.StatusCode = StatusCodes.Status402PaymentRequired;
            return Task.CompletedTask;
        };
        await _host.PlaceAsync();
        await Eventually.BecomesTrueAsync(async () => await _host.DeadLettersAsync() == 1);
        Assert.Equal(["POST", "POST"], _gateway.Requests.Select(request => request.Method));

        _gateway.Forget();
        _gateway.OnCharge = (_, take, _) => GatewayStub.Done(take);
        Breakers.Get("payment_gateway").Obey(CircuitOrder.Open);
        var order = await _host.PlaceAsync();
        await Eventually.BecomesTrueAsync(async () => await _host.PutOffAsync() == 1);
        Assert.Empty(_gateway.Requests);
        Assert.Null(await _host.PaymentAsync(order));
    }
}

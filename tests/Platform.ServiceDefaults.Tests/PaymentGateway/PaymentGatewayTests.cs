using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Platform.ServiceDefaults.Tests.Support;

namespace Platform.ServiceDefaults.Tests.PaymentGateway;

/// <summary>The stand-in as its clients see it: a process of its own, over HTTP.</summary>
public sealed class PaymentGatewayTests(PaymentGatewayTests.SharedGateway shared) : IClassFixture<PaymentGatewayTests.SharedGateway>
{
    [Fact]
    public async Task Charge_is_made_once_for_a_key()
    {
        await using var gateway = await StartAsync();
        var (status, charge) = await ChargeAsync(gateway, "k-1", Order("o-1", 12.50m));
        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Equal("captured", charge.GetProperty("status").GetString());
        Assert.Equal("o-1", charge.GetProperty("orderId").GetString());
        Assert.Equal(12.50m, charge.GetProperty("amount").GetDecimal());
        Assert.Equal("EUR", charge.GetProperty("currency").GetString());

        var (again, same) = await ChargeAsync(gateway, "k-1", Order("o-1", 12.5m));
        Assert.Equal(HttpStatusCode.OK, again);
        Assert.Equal(charge.GetProperty("id").GetString(), same.GetProperty("id").GetString());

        var (other, _) = await ChargeAsync(gateway, "k-1", Order("o-1", 13m));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other);
        Assert.Equal(new Counts(1, 0, 1), await StatsAsync(gateway));

        var listed = await gateway.Client.GetFromJsonAsync<JsonElement>("/v1/charges?orderId=o-1", TestContext.Current.CancellationToken);
        Assert.Single(listed.GetProperty("items").EnumerateArray());
        var found = await gateway.Client.GetFromJsonAsync<JsonElement>("/v1/charges?idempotencyKey=k-1", TestContext.Current.CancellationToken);
        Assert.Equal(charge.GetProperty("id").GetString(), Assert.Single(found.GetProperty("items").EnumerateArray()).GetProperty("id").GetString());
        var none = await gateway.Client.GetFromJsonAsync<JsonElement>("/v1/charges?idempotencyKey=k-2", TestContext.Current.CancellationToken);
        Assert.Empty(none.GetProperty("items").EnumerateArray());
        using var everything = await gateway.Client.GetAsync("/v1/charges", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, everything.StatusCode);
    }

    [Fact]
    public async Task Same_key_sent_at_once_by_many_charges_once()
    {
        var gateway = shared.Gateway;
        var before = await StatsAsync(gateway);
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => ChargeAsync(gateway, "k-at-once", Order("o-1", 1m))));

        Assert.Single(answers, answer => answer.Status is HttpStatusCode.Created);
        Assert.Single(answers.Select(answer => answer.Body.GetProperty("id").GetString()).Distinct());
        Assert.Equal(before with { Charges = before.Charges + 1 }, await StatsAsync(gateway));
    }

    [Fact]
    public async Task Refund_gives_back_what_is_left_and_never_more()
    {
        await using var gateway = await StartAsync();
        var (_, charge) = await ChargeAsync(gateway, "k-1", Order("o-1", 10m));
        var refunds = $"/v1/charges/{charge.GetProperty("id").GetString()}/refunds";

        Assert.Equal(HttpStatusCode.Created, (await PostAsync(gateway, refunds, "r-1", """{"amount": 4}""")).Status);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(gateway, refunds, "r-1", """{"amount": 4}""")).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await PostAsync(gateway, refunds, "r-2", """{"amount": 7}""")).Status);
        var (status, rest) = await PostAsync(gateway, refunds, "r-3", null);
        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Equal(6m, rest.GetProperty("amount").GetDecimal());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await PostAsync(gateway, refunds, "r-4", null)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(gateway, "/v1/charges/none/refunds", "r-5", null)).Status);

        var now = await gateway.Client.GetFromJsonAsync<JsonElement>($"/v1/charges/{charge.GetProperty("id").GetString()}", TestContext.Current.CancellationToken);
        Assert.Equal("refunded", now.GetProperty("status").GetString());
    }

    [Theory]
    [InlineData(null, """{"orderId": "o", "amount": 1, "currency": "EUR"}""", "Idempotency-Key")]
    [InlineData("k", """{"amount": 1, "currency": "EUR"}""", "orderId")]
    [InlineData("k", """{"orderId": "o", "amount": 0, "currency": "EUR"}""", "amount")]
    [InlineData("k", """{"orderId": "o", "amount": -1, "currency": "EUR"}""", "amount")]
    [InlineData("k", """{"orderId": "o", "amount": 0.00001, "currency": "EUR"}""", "amount")]
    [InlineData("k", """{"orderId": "o", "currency": "EUR"}""", "amount")]
    [InlineData("k", """{"orderId": "o", "amount": 1, "currency": "eur"}""", "currency")]
    [InlineData("k", """{"orderId": "o", "amount": 1}""", "currency")]
    public async Task Invalid_charge_is_refused_and_the_field_named(string? key, string body, string field)
    {
        var before = await StatsAsync(shared.Gateway);
        var (status, problem) = await PostAsync(shared.Gateway, "/v1/charges", key, body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _));
        Assert.Equal(before with { Rejected = before.Rejected + 1 }, await StatsAsync(shared.Gateway));
    }

    [Theory]
    [InlineData("{", HttpStatusCode.BadRequest)]
    [InlineData("[]", HttpStatusCode.BadRequest)]
    [InlineData(null, HttpStatusCode.BadRequest)]
    public async Task Unreadable_body_is_a_problem_document(string? body, HttpStatusCode expected)
    {
        var (status, problem) = await PostAsync(shared.Gateway, "/v1/charges", "k", body);

        Assert.Equal(expected, status);
        Assert.Equal((int)expected, problem.GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task Body_over_the_limit_is_refused()
    {
        var (status, _) = await PostAsync(shared.Gateway, "/v1/charges", "k", $$"""{"orderId": "{{new string('x', 20_000)}}"}""");

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
    }

    [Fact]
    public async Task Half_of_the_failures_have_charged_and_a_repeated_key_finds_the_charge()
    {
        await using var gateway = await StartAsync(("FAILURE_RATE", "1"));
        const int Orders = 100;
        for (var i = 0; i < Orders; i++)
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await ChargeAsync(gateway, $"k-{i}", Order($"o-{i}", 1m))).Status);
        }

        var charged = (await StatsAsync(gateway)).Charges;
        Assert.InRange(charged, Orders / 5, Orders * 4 / 5);

        using var turned = await gateway.Client.PutAsJsonAsync("/knobs", new { failureRate = 0 }, TestContext.Current.CancellationToken);
        turned.EnsureSuccessStatusCode();
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < Orders; i++)
        {
            statuses.Add((await ChargeAsync(gateway, $"k-{i}", Order($"o-{i}", 1m))).Status);
        }

        Assert.Equal(charged, statuses.Count(status => status is HttpStatusCode.OK));
        Assert.Equal(Orders, (await StatsAsync(gateway)).Charges);
    }

    [Fact]
    public async Task Knobs_turn_one_at_a_time_and_within_their_range()
    {
        await using var gateway = await StartAsync(("LATENCY_MS", "5"));
        using var turned = await gateway.Client.PutAsJsonAsync("/knobs", new { failureRate = 0.25 }, TestContext.Current.CancellationToken);
        var knobs = await gateway.Client.GetFromJsonAsync<JsonElement>("/knobs", TestContext.Current.CancellationToken);
        Assert.Equal(0.25, knobs.GetProperty("failureRate").GetDouble());
        Assert.Equal(5, knobs.GetProperty("latencyMs").GetInt32());

        using var refused = await gateway.Client.PutAsJsonAsync("/knobs", new { failureRate = 1.5, latencyMs = -1, readLatencyMs = 70_000 }, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        var problems = JsonDocument.Parse(await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement.GetProperty("errors");
        Assert.Equal(["failureRate", "latencyMs", "readLatencyMs"], problems.EnumerateObject().Select(problem => problem.Name).Order());
    }

    [Fact]
    public async Task Ledger_survives_a_kill_and_a_line_that_was_cut()
    {
        var file = Path.GetTempFileName();
        try
        {
            string? id;
            await using (var gateway = await StartAsync(("LEDGER_FILE", file)))
            {
                var (_, charge) = await ChargeAsync(gateway, "k-1", Order("o-1", 10m));
                id = charge.GetProperty("id").GetString();
                await PostAsync(gateway, $"/v1/charges/{id}/refunds", "r-1", """{"amount": 4}""");
                gateway.Signal(HostProcess.SigKill);
                await gateway.ExitAsync();
            }

            await File.AppendAllTextAsync(file, """{"key":"k-2","charge":{"id":"ch_x","ord""", TestContext.Current.CancellationToken);
            await using var again = await StartAsync(("LEDGER_FILE", file));
            Assert.Equal(new Counts(1, 1, 0), await StatsAsync(again));
            var (status, same) = await ChargeAsync(again, "k-1", Order("o-1", 10m));
            Assert.Equal(HttpStatusCode.OK, status);
            Assert.Equal(id, same.GetProperty("id").GetString());
            Assert.Equal(HttpStatusCode.Created, (await ChargeAsync(again, "k-2", Order("o-2", 1m))).Status);
            Assert.All(await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken), line => JsonDocument.Parse(line));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Old_entries_are_forgotten_and_the_file_stays_short()
    {
        var file = Path.GetTempFileName();
        try
        {
            await using var gateway = await StartAsync(("LEDGER_FILE", file), ("MAX_ENTRIES", "10"));
            for (var i = 0; i < 50; i++)
            {
                await ChargeAsync(gateway, $"k-{i}", Order("o-1", 1m));
            }

            var listed = await gateway.Client.GetFromJsonAsync<JsonElement>("/v1/charges?orderId=o-1", TestContext.Current.CancellationToken);
            Assert.Equal(10, listed.GetProperty("items").GetArrayLength());
            Assert.Equal(50, (await StatsAsync(gateway)).Charges);
            Assert.InRange((await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken)).Length, 10, 20);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Trace_of_the_caller_is_in_the_gateways_own_log()
    {
        await using var gateway = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/charges") { Content = Json(Order("o-1", 1m)) };
        request.Headers.Add("Idempotency-Key", "k-1");
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        using var response = await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);

        await Until.TrueAsync(
            () => gateway.Output.Any(line => line.Contains("order o-1", StringComparison.Ordinal) && line.Contains("0af7651916cd43dd8448eb211c80319c", StringComparison.Ordinal)),
            "the line");
    }

    [Fact]
    public async Task Wrong_knob_in_the_environment_is_named_at_the_start()
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(("FAILURE_RATE", "2")));
        Assert.Contains("failureRate must be between 0 and 1", failure.Message, StringComparison.Ordinal);
    }

    private static Task<HostProcess> StartAsync(params (string, string)[] environment) => HostProcess.StartAsync("PaymentGateway", environment);

    private static string Order(string id, decimal amount) => JsonSerializer.Serialize(new { orderId = id, amount, currency = "EUR" });

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private static Task<(HttpStatusCode Status, JsonElement Body)> ChargeAsync(HostProcess gateway, string key, string body) =>
        PostAsync(gateway, "/v1/charges", key, body);

    private static async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(HostProcess gateway, string path, string? key, string? body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = body is null ? null : Json(body) };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        using var response = await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (response.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement);
    }

    private static async Task<Counts> StatsAsync(HostProcess gateway)
    {
        var stats = await gateway.Client.GetFromJsonAsync<JsonElement>("/v1/stats", TestContext.Current.CancellationToken);
        return new(stats.GetProperty("charges").GetInt64(), stats.GetProperty("refunds").GetInt64(), stats.GetProperty("rejected").GetInt64());
    }

    private sealed record Counts(long Charges, long Refunds, long Rejected);

    /// <summary>One gateway for the tests that leave its knobs alone and start from any count.</summary>
    public sealed class SharedGateway : IAsyncLifetime
    {
        internal HostProcess Gateway { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Gateway = await StartAsync();

        public ValueTask DisposeAsync() => Gateway.DisposeAsync();
    }
}

using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Platform.Api.Tests.Messaging;
using Platform.Api.Tests.Support;
using Platform.Errors;

namespace Platform.Api.Tests.Webhooks;

public sealed class PaymentWebhookTests(ApiHost api) : IClassFixture<ApiHost>
{
    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task Refund_of_the_gateway_is_recorded_once_and_told_on_however_often_and_at_once_it_is_delivered()
    {
        var charge = await CapturedChargeAsync();
        var body = Refunded(charge);

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(async _ =>
        {
            using var response = await SendAsync("msg_refund", body);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            return (await response.JsonAsync())["duplicate"]!.GetValue<bool>();
        }));

        Assert.Single(answers, duplicate => !duplicate);
        Assert.Equal("refunded", await api.ScalarAsync<string>("SELECT status FROM commerce.payments WHERE gateway_reference = $1", charge));
        Assert.Equal(1L, await api.CountAsync($"platform.core_outbox_event WHERE event_type = 'payments.refunded.v1' AND aggregate_id = (SELECT id::text FROM commerce.payments WHERE gateway_reference = '{charge}')"));
    }

    [Fact]
    public async Task Message_about_a_payment_that_is_not_known_yet_leaves_no_mark_and_succeeds_later()
    {
        const string Charge = "ch_later";
        using var early = await SendAsync("msg_early", Refunded(Charge));
        await early.AssertProblemAsync(ErrorCode.ResourceNotFound);

        await api.ExecuteAsync("UPDATE commerce.payments SET gateway_reference = $1, status = 'captured', refunded_at = NULL WHERE id = (SELECT max(id::text)::uuid FROM commerce.payments)", Charge);
        using var later = await SendAsync("msg_early", Refunded(Charge));
        Assert.False((await later.JsonAsync())["duplicate"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Other_messages_are_acknowledged_and_change_nothing()
    {
        var charge = await CapturedChargeAsync();
        using var partly = await SendAsync("msg_partly", $$"""{ "type": "charge.refunded", "data": { "id": "{{charge}}", "status": "captured" } }""");
        Assert.Equal(HttpStatusCode.OK, partly.StatusCode);
        using var another = await SendAsync("msg_other", $$"""{ "type": "charge.captured", "data": { "id": "{{charge}}", "status": "captured" } }""");
        Assert.Equal(HttpStatusCode.OK, another.StatusCode);
        Assert.Equal("captured", await api.ScalarAsync<string>("SELECT status FROM commerce.payments WHERE gateway_reference = $1", charge));
    }

    [Theory]
    [InlineData(-6)]
    [InlineData(6)]
    public async Task Message_that_was_recorded_and_sent_again_is_refused_though_well_signed(int minutes)
    {
        using var response = await SendAsync("msg_old", Refunded("ch_1"), at: Now.AddMinutes(minutes));
        await response.AssertProblemAsync(ErrorCode.Unauthorized);
    }

    [Fact]
    public async Task Message_that_differs_in_one_thing_from_what_was_signed_is_refused()
    {
        var at = Now;
        var signature = Signature("msg_1", at, Refunded("ch_1"));
        using var otherBody = await SendAsync("msg_1", Refunded("ch_2"), at, signature);
        await otherBody.AssertProblemAsync(ErrorCode.Unauthorized);
        using var otherId = await SendAsync("msg_2", Refunded("ch_1"), at, signature);
        await otherId.AssertProblemAsync(ErrorCode.Unauthorized);
        using var otherTime = await SendAsync("msg_1", Refunded("ch_1"), at.AddSeconds(1), signature);
        await otherTime.AssertProblemAsync(ErrorCode.Unauthorized);
        using var otherSecret = await SendAsync("msg_1", Refunded("ch_1"), at, Signature("msg_1", at, Refunded("ch_1"), "another secret of enough length"));
        await otherSecret.AssertProblemAsync(ErrorCode.Unauthorized);
        using var unsigned = await api.Anonymous.PostJsonAsync("/api/v1/webhooks/payments", Refunded("ch_1"));
        await unsigned.AssertProblemAsync(ErrorCode.Unauthenticated);
        Assert.Equal(0L, await api.CountAsync("platform.core_inbox_event WHERE event_id = gen_random_uuid()"));
    }

    [Fact]
    public async Task Signature_of_either_secret_counts_while_they_are_replaced()
    {
        using var response = await SendAsync(
            "msg_rotated", """{ "type": "ping", "data": { "id": "ch_1", "status": "captured" } }""", signature: Signature("msg_rotated", Now, """{ "type": "ping", "data": { "id": "ch_1", "status": "captured" } }""", ApiServer.FormerWebhookSecret));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("null")]
    [InlineData("""{ "type": 5 }""")]
    [InlineData("""{ "type": "charge.refunded", "data": {} }""")]
    public async Task Well_signed_nonsense_is_the_senders_mistake(string body)
    {
        using var response = await SendAsync("msg_nonsense", body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    private async Task<string> CapturedChargeAsync() => await api.ScalarAsync<string>(
        "UPDATE commerce.payments SET gateway_reference = 'ch_' || gen_random_uuid() WHERE id = (SELECT id FROM commerce.payments WHERE status = 'captured' LIMIT 1) RETURNING gateway_reference");

    private Task<HttpResponseMessage> SendAsync(string id, string body, DateTimeOffset? at = null, string? signature = null)
    {
        var time = at ?? Now;
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/webhooks/payments")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
            Headers =
            {
                { "webhook-id", id },
                { "webhook-timestamp", Seconds(time) },
                { "webhook-signature", $"v1,AAAA {signature ?? Signature(id, time, body)}" },
            },
        };
        return api.Anonymous.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static string Refunded(string charge) => $$"""{ "type": "charge.refunded", "data": { "id": "{{charge}}", "status": "refunded" } }""";

    // Computed here once more, as a sender would.
    private static string Signature(string id, DateTimeOffset at, string body, string secret = ApiServer.WebhookSecret)
    {
        var key = secret.StartsWith("whsec_", StringComparison.Ordinal) ? Convert.FromBase64String(secret[6..]) : Encoding.UTF8.GetBytes(secret);
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{id}.{Seconds(at)}.{body}")));
    }

    private static string Seconds(DateTimeOffset at) => at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
}

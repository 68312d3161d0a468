using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Platform.Api.Tests.Support;
using Platform.Errors;

namespace Platform.Api.Tests.Messaging;

public sealed class MessagingTests(ApiHost api) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task Event_that_a_request_sends_off_names_its_caller_its_correlation_and_its_trace()
    {
        // The client hands its own trace on, as another service's would.
        using var caller = new Activity("caller").SetIdFormat(ActivityIdFormat.W3C).AddBaggage("tenant", "blue").Start();
        caller.TraceStateString = "vendor=1";
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/orders")
        {
            Content = new StringContent(await api.Client.OrderBodyAsync(), Encoding.UTF8, "application/json"),
            Headers = { { "X-Correlation-Id", "call-7" } },
        };
        using var created = await api.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);

        Assert.Equal($"demo|call-7|order|{caller.TraceId}|vendor=1|tenant=blue", await api.ScalarAsync<string>("""
            SELECT concat_ws('|', actor, correlation_id, aggregate_type, split_part(traceparent, '-', 2), tracestate, baggage)
            FROM platform.core_outbox_event WHERE aggregate_id = $1
            """, (await created.JsonAsync())["id"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Subscriptions_tell_what_waits_for_them_lane_by_lane_and_are_replayed_from_a_time_on()
    {
        using var placed = await api.Client.PostJsonAsync("/api/v1/orders", await api.Client.OrderBodyAsync());
        await api.ExecuteAsync("""
            INSERT INTO platform.core_subscription_lane (subscription, lane, position, reads_log, epoch, owner, released, crashes, suspect_attempts, updated_at)
            SELECT 'shown', lane, 0, true, 1, 'host:1', lane <> 0, 0, 0, now() FROM generate_series(0, 15) lane
            """);
        await api.ParkAsync("shown");

        var all = (await api.Client.GetJsonAsync("/api/v1/messaging/subscriptions"))["items"]!.AsArray();
        var shown = Assert.Single(all, item => item!["name"]!.GetValue<string>() == "shown")!;
        var events = await api.CountAsync("platform.core_outbox_event");
        Assert.Equal(events, shown["pending"]!.GetValue<long>());
        Assert.Equal(1, shown["deadLetters"]!.GetValue<int>());
        Assert.Equal(["host:1"], shown["owners"]!.AsArray().Select(owner => owner!.GetValue<string>()));
        Assert.NotNull(shown["oldestPendingAt"]);

        var lanes = (await api.Client.GetJsonAsync("/api/v1/messaging/subscriptions/shown/lanes"))["items"]!.AsArray();
        Assert.Equal(16, lanes.Count);
        Assert.Equal(events, lanes.Sum(lane => lane!["pending"]!.GetValue<long>()));
        Assert.Equal(("host:1", null), (lanes[0]!["owner"]?.GetValue<string>(), lanes[1]!["owner"]?.GetValue<string>()));
        using var unknown = await api.Client.GetAsync("/api/v1/messaging/subscriptions/nobody/lanes", TestContext.Current.CancellationToken);
        await unknown.AssertProblemAsync(ErrorCode.ResourceNotFound);

        await api.ExecuteAsync("UPDATE platform.core_subscription_lane SET position = 1000000 WHERE subscription = 'shown'");
        using var replayed = await api.Client.PostJsonAsync("/api/v1/messaging/subscriptions/shown/replay", """{ "from": "2020-01-01T00:00:00Z", "reason": "The index was rebuilt" }""");
        Assert.Equal(events, (await replayed.JsonAsync())["count"]!.GetValue<long>());
        Assert.Equal($"demo|subscription:shown|The index was rebuilt|{events}", await AuditAsync("messaging.subscription.replay"));
        using var noTime = await api.Client.PostJsonAsync("/api/v1/messaging/subscriptions/shown/replay", "{}");
        Assert.Equal(["/from required"], (await noTime.AssertProblemAsync(ErrorCode.ValidationError)).Fields());
    }

    [Fact]
    public async Task Jobs_tell_their_last_and_next_run_and_are_made_due()
    {
        await api.ExecuteAsync("""
            INSERT INTO platform.core_lease (name, token, expires_at, due_at, schedule, started_at, completed_at, last_error)
            VALUES ('nightly', 3, '-infinity', '2999-01-01T03:00:00Z', 'cron 0 3 * * *', '2026-01-01T03:00:00Z', '2026-01-01T03:00:07Z', 'disk full')
            """);

        var job = await JobAsync();
        Assert.Equal(("cron 0 3 * * *", "disk full", 3), (job["schedule"]!.GetValue<string>(), job["lastError"]!.GetValue<string>(), job["runs"]!.GetValue<int>()));
        Assert.Equal(2999, job["dueAt"]!.GetValue<DateTimeOffset>().Year);

        using var accepted = await api.Client.PostAsync("/api/v1/messaging/jobs/nightly/run", null, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        Assert.InRange((await JobAsync())["dueAt"]!.GetValue<DateTimeOffset>(), DateTimeOffset.UnixEpoch, TimeProvider.System.GetUtcNow().AddMinutes(1));
        Assert.Equal("demo|job:nightly", await AuditAsync("messaging.job.run"));
        using var unknown = await api.Client.PostAsync("/api/v1/messaging/jobs/nobody/run", null, TestContext.Current.CancellationToken);
        await unknown.AssertProblemAsync(ErrorCode.ResourceNotFound);

        async Task<JsonNode> JobAsync() => Assert.Single(
            (await api.Client.GetJsonAsync("/api/v1/messaging/jobs"))["items"]!.AsArray(), item => item!["name"]!.GetValue<string>() == "nightly")!;
    }

    private Task<string> AuditAsync(string action) => api.ScalarAsync<string>(
        "SELECT concat_ws('|', actor, target, reason, details::jsonb->>'events') FROM platform.core_security_audit WHERE action = $1", action);
}

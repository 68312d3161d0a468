using System.Net;
using System.Text.Json.Nodes;
using Platform.Api.Tests.Support;
using Platform.Errors;

namespace Platform.Api.Tests.Messaging;

public sealed class DeadLetterTests(ApiHost api) : IClassFixture<ApiHost>
{
    private const string Path = "/api/v1/deadletters";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pages_lead_through_all_that_fit_the_filter_the_latest_first()
    {
        foreach (var day in Enumerable.Range(1, 7))
        {
            await api.ParkAsync("pages", parkedAt: $"2026-03-{day:00}T00:00:00Z", aggregateId: $"day {day}");
            await api.ParkAsync("pages too", parkedAt: $"2026-03-{day:00}T00:00:00Z");
        }

        var seen = new List<string>();
        string? next = null;
        do
        {
            var page = await api.Client.GetJsonAsync($"{Path}?subscription=pages&limit=3&from=2026-03-02T00:00:00Z&to=2026-03-07T00:00:00Z&cursor={next}");
            seen.AddRange(page["items"]!.AsArray().Select(item => item!["aggregateId"]!.GetValue<string>()));
            next = page["next"]?.GetValue<string>();
        }
        while (next is not null);

        Assert.Equal(["day 6", "day 5", "day 4", "day 3", "day 2"], seen);
    }

    [Fact]
    public async Task List_is_narrowed_by_type_cause_and_aggregate()
    {
        await api.ParkAsync("narrow");
        await api.ParkAsync("narrow", eventType: "orders.shipped.v1");
        await api.ParkAsync("narrow", cause: "crashed");
        await api.ParkAsync("narrow", aggregateId: "o-2");

        foreach (var condition in (string[])["type=orders.shipped.v1", "cause=crashed", "aggregateId=o-2"])
        {
            var item = Assert.Single((await api.Client.GetJsonAsync($"{Path}?subscription=narrow&{condition}"))["items"]!.AsArray())!;
            Assert.Equal("too slow", item["error"]!.GetValue<string>());
            Assert.Null(item["payload"]);
        }
    }

    [Fact]
    public async Task Dead_letter_is_shown_repaired_and_replayed_with_its_id_and_each_step_names_the_caller_and_the_reason()
    {
        var id = await api.ParkAsync("repair");
        var letter = await api.Client.GetJsonAsync($"{Path}/repair/{id}");
        Assert.Equal(5, letter["payload"]!["amount"]!.GetValue<int>());
        Assert.Equal("at Handler", letter["stack"]!.GetValue<string>());
        Assert.Equal("failed", letter["deadLetter"]!["cause"]!.GetValue<string>());
        Assert.Empty(letter["history"]!.AsArray());

        using var edited = await api.Client.PutJsonAsync($"{Path}/repair/{id}/payload", """{ "payload": { "amount": 7 }, "reason": "The producer had a typo." }""");
        Assert.Equal(HttpStatusCode.NoContent, edited.StatusCode);
        letter = await api.Client.GetJsonAsync($"{Path}/repair/{id}");
        Assert.Equal("""{"amount":7}""", letter["payload"]!.ToJsonString());
        Assert.Equal(("edited", "demo", "The producer had a typo."), Entry(Assert.Single(letter["history"]!.AsArray())!));

        using var replayed = await api.Client.PostJsonAsync($"{Path}/repair/{id}/replay", """{ "reason": "Repaired." }""");
        Assert.Equal(HttpStatusCode.NoContent, replayed.StatusCode);
        Assert.Equal("""{"amount": 7}""", await api.ScalarAsync<string>("SELECT payload::text FROM platform.core_inbox_deferred WHERE subscription = 'repair' AND event_id = $1", id));
        using var gone = await api.Client.GetAsync($"{Path}/repair/{id}", Cancel);
        await gone.AssertProblemAsync(ErrorCode.ResourceNotFound);
        Assert.Equal("edited demo,replayed demo", await api.ScalarAsync<string>(
            "SELECT string_agg(action || ' ' || actor, ',' ORDER BY at) FROM platform.core_dead_letter_action WHERE event_id = $1", id));
    }

    [Fact]
    public async Task Many_are_replayed_by_id_or_by_filter_and_the_rest_is_discarded()
    {
        var ids = new List<Guid>();
        foreach (var n in Enumerable.Range(0, 6))
        {
            ids.Add(await api.ParkAsync("many", cause: n < 4 ? "failed" : "crashed"));
        }

        Assert.Equal(2, await CountAsync("replay", $$"""{ "filter": { "eventIds": ["{{ids[0]}}", "{{ids[1]}}"] }, "reason": "These two." }"""));
        Assert.Equal(1, await CountAsync("replay", """{ "filter": { "subscription": "many", "cause": "failed" }, "limit": 1, "reason": "One to try." }"""));
        Assert.Equal(1, await CountAsync("replay", """{ "filter": { "subscription": "many", "cause": "failed" }, "reason": "The others." }"""));
        Assert.Equal(2, await CountAsync("discard", """{ "filter": { "subscription": "many" }, "reason": "Of no use." }"""));

        Assert.Empty((await api.Client.GetJsonAsync($"{Path}?subscription=many"))["items"]!.AsArray());
        Assert.Equal(4L, await api.CountAsync("platform.core_inbox_deferred WHERE subscription = 'many'"));
        Assert.Equal(2L, await api.CountAsync("platform.core_dead_letter_action WHERE subscription = 'many' AND action = 'discarded' AND after_hash IS NULL"));

        async Task<int> CountAsync(string verb, string body)
        {
            using var response = await api.Client.PostJsonAsync($"{Path}/{verb}", body);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            return (await response.JsonAsync())["count"]!.GetValue<int>();
        }
    }

    [Theory]
    [InlineData("limit=0", "/limit out_of_range")]
    [InlineData("limit=101", "/limit out_of_range")]
    [InlineData("cursor=nonsense", "/cursor invalid")]
    [InlineData("from=yesterday", "/from invalid")]
    [InlineData("cause=bad", "/cause invalid")]
    [InlineData("subscription=%00", "/subscription invalid")]
    public async Task Query_that_cannot_be_right_is_refused_by_field(string query, string field)
    {
        using var response = await api.Client.GetAsync($"{Path}?{query}", Cancel);
        Assert.Equal([field], (await response.AssertProblemAsync(ErrorCode.ValidationError)).Fields());
    }

    [Theory]
    [InlineData("replay", "{}", "/filter required", "/reason required")]
    [InlineData("discard", """{ "filter": {}, "reason": " " }""", "/filter required", "/reason required")]
    [InlineData("discard", """{ "filter": { "subscription": "x" }, "reason": "why", "limit": 0 }""", "/limit out_of_range")]
    [InlineData("replay", """{ "filter": { "cause": "luck" }, "reason": "why" }""", "/filter/cause invalid")]
    public async Task Action_on_many_without_reason_or_condition_is_refused(string verb, string body, params string[] fields)
    {
        using var response = await api.Client.PostJsonAsync($"{Path}/{verb}", body);
        Assert.Equal(fields, (await response.AssertProblemAsync(ErrorCode.ValidationError)).Fields());
    }

    [Fact]
    public async Task Action_on_one_needs_a_reason_a_body_that_is_an_object_and_a_dead_letter()
    {
        var id = await api.ParkAsync("one");
        using var noReason = await api.Client.PostJsonAsync($"{Path}/one/{id}/replay", "{}");
        Assert.Equal(["/reason required"], (await noReason.AssertProblemAsync(ErrorCode.ValidationError)).Fields());
        using var noObject = await api.Client.PutJsonAsync($"{Path}/one/{id}/payload", """{ "payload": [1], "reason": "why" }""");
        Assert.Equal(["/payload invalid"], (await noObject.AssertProblemAsync(ErrorCode.ValidationError)).Fields());
        using var nobody = await api.Client.PostJsonAsync($"{Path}/another/{id}/discard", """{ "reason": "why" }""");
        await nobody.AssertProblemAsync(ErrorCode.ResourceNotFound);
        Assert.Equal(1L, await api.CountAsync($"platform.core_dead_letter WHERE event_id = '{id}'"));
    }

    [Fact]
    public async Task Only_operators_may()
    {
        using var customer = await api.WithTokenAsync("orders.read", "orders.write");
        foreach (var path in (string[])[Path, "/api/v1/messaging/subscriptions", "/api/v1/messaging/jobs"])
        {
            using var response = await customer.GetAsync(path, Cancel);
            await response.AssertProblemAsync(ErrorCode.Forbidden);
        }
    }

    private static (string, string, string) Entry(JsonNode entry) =>
        (entry["action"]!.GetValue<string>(), entry["actor"]!.GetValue<string>(), entry["reason"]!.GetValue<string>());
}

using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Platform.Api.Tests.Support;
using Platform.Errors;

namespace Platform.Api.Tests.FeatureFlags;

/// <summary>Flags over REST.</summary>
public sealed class FlagTests(ApiHost api) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task Flag_is_created_read_changed_and_deleted_and_each_step_is_in_the_audit()
    {
        using var created = await api.Client.PostJsonAsync("/api/v1/flags?reason=PAY-118", """{"name":"checkout","percent":5}""");
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal("/api/v1/flags/checkout", created.Headers.Location!.OriginalString);

        using var read = await GetAsync("/api/v1/flags/checkout");
        Assert.Equal(created.Headers.ETag, read.Headers.ETag);
        var definition = await read.JsonAsync();
        Assert.Equal(5, (int)definition["percent"]!);
        Assert.NotNull(definition["created"]);
        using var unchanged = await GetAsync("/api/v1/flags/checkout", read.Headers.ETag);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);

        // What was read can be sent back as it is: that changes nothing.
        using var same = await PutAsync("/api/v1/flags/checkout", definition.ToJsonString(), read.Headers.ETag);
        Assert.Equal(read.Headers.ETag, same.Headers.ETag);

        definition["percent"] = 25;
        using var changed = await PutAsync("/api/v1/flags/checkout?reason=ok", definition.ToJsonString(), read.Headers.ETag);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.NotEqual(read.Headers.ETag, changed.Headers.ETag);

        using var delete = new HttpRequestMessage(HttpMethod.Delete, "/api/v1/flags/checkout") { Headers = { IfMatch = { changed.Headers.ETag! } } };
        using var deleted = await api.Client.SendAsync(delete, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        using var gone = await GetAsync("/api/v1/flags/checkout");
        await gone.AssertProblemAsync(ErrorCode.ResourceNotFound);

        var audit = (await api.Client.GetJsonAsync("/api/v1/flags/audit?name=checkout"))["items"]!.AsArray();
        Assert.Equal(["deleted", "rollout_changed", "created"], audit.Select(entry => (string)entry!["action"]!));
        Assert.All(audit, entry => Assert.Equal("demo", (string)entry!["actor"]!));
        Assert.Equal(("ok", "PAY-118"), ((string)audit[1]!["reason"]!, (string)audit[2]!["reason"]!));
        Assert.Equal(["/percent 5 25"], audit[1]!["diff"]!.AsArray().Where(d => (string)d!["pointer"]! != "/modified").Select(d => $"{d!["pointer"]} {d["before"]} {d["after"]}"));
        Assert.Equal((string)audit[1]!["id"]!, (string)(await api.Client.GetJsonAsync($"/api/v1/flags/audit/{audit[1]!["id"]}"))["id"]!);
    }

    [Fact]
    public async Task Edits_without_a_tag_or_with_a_stale_one_are_refused()
    {
        using var created = await api.Client.PostJsonAsync("/api/v1/flags", """{"name":"edited"}""");
        using var blind = await api.Client.PutJsonAsync("/api/v1/flags/edited", """{"name":"edited","percent":1}""");
        await blind.AssertProblemAsync(ErrorCode.PreconditionRequired);
        using var first = await PutAsync("/api/v1/flags/edited", """{"name":"edited","percent":1}""", created.Headers.ETag);
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        using var second = await PutAsync("/api/v1/flags/edited", """{"name":"edited","percent":2}""", created.Headers.ETag);
        await second.AssertProblemAsync(ErrorCode.PreconditionFailed);
        using var again = await api.Client.PostJsonAsync("/api/v1/flags", """{"name":"edited"}""");
        await again.AssertProblemAsync(ErrorCode.ResourceAlreadyExists);
        using var weak = await PutAsync("/api/v1/flags/edited", """{"name":"edited","percent":2}""", new EntityTagHeaderValue(first.Headers.ETag!.Tag, isWeak: true));
        await weak.AssertProblemAsync(ErrorCode.PreconditionFailed);
        Assert.Equal(1, (int)(await api.Client.GetJsonAsync("/api/v1/flags/edited"))["percent"]!);
    }

    [Fact]
    public async Task Of_many_who_edit_at_once_one_wins_and_all_others_are_told_412()
    {
        using var created = await api.Client.PostJsonAsync("/api/v1/flags", """{"name":"raced"}""");
        var answers = await Task.WhenAll(Enumerable.Range(1, 12).Select(i => PutAsync("/api/v1/flags/raced", $$"""{"name":"raced","percent":{{i}}}""", created.Headers.ETag)));
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        Assert.Equal(11, answers.Count(answer => answer.StatusCode == HttpStatusCode.PreconditionFailed));
    }

    [Fact]
    public async Task If_none_match_creates_and_a_name_that_is_a_path_is_refused()
    {
        using var put = new HttpRequestMessage(HttpMethod.Put, "/api/v1/flags/a%2Fb%20c") { Content = Json("""{"name":"a/b c"}""") };
        put.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Any);
        using var created = await api.Client.SendAsync(put, TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.Created, "/api/v1/flags/a%2Fb%20c"), (created.StatusCode, created.Headers.Location!.OriginalString));
        Assert.Equal("a/b c", (string)(await api.Client.GetJsonAsync(created.Headers.Location!.OriginalString))["name"]!);
        using var reserved = await api.Client.PostJsonAsync("/api/v1/flags", """{"name":"audit"}""");
        Assert.Equal(["/name invalid"], (await reserved.AssertProblemAsync(ErrorCode.ValidationError)).Fields());
    }

    public static TheoryData<string, string> Invalid() => new()
    {
        { """{"name":"bad","percent":101,"variants":[{"name":"a","weight":60},{"name":"b","weight":60}]}""", "/percent out_of_range,/variants out_of_range" },
        { """{"name":"bad","prerequisites":[{"flag":"bad"}]}""", "/prerequisites/0/flag invalid" },
        { """{"name":"bad","rules":[{"constraints":[{"field":"x","operator":"LIKE","values":["y"]}]}]}""", "/rules/0/constraints/0/operator invalid" },
        { """{"name":"bad","rules":[{"constraints":[{"field":"x","operator":"REGEX","value":"("}]}]}""", "/rules/0/constraints/0/value invalid" },
        { """{"name":"bad\u0007"}""", "/name invalid" },
        { """{"name":"bad","percnt":1}""", "/percnt invalid" },
        { """{"name":"bad","percent":"1"}""", "/percent invalid" },
        { "[]", " invalid" },
    };

    [Theory]
    [MemberData(nameof(Invalid))]
    public async Task Every_invalid_field_is_named_and_nothing_is_saved(string body, string fields)
    {
        var before = await api.CountAsync("platform.core_feature_flag_audit");
        using var response = await api.Client.PostJsonAsync("/api/v1/flags", body);
        Assert.Equal(fields.Split(','), (await response.AssertProblemAsync(ErrorCode.ValidationError)).Fields().Order(StringComparer.Ordinal));
        using var absent = await GetAsync("/api/v1/flags/bad");
        Assert.Equal(HttpStatusCode.NotFound, absent.StatusCode);
        Assert.True(await api.CountAsync("platform.core_feature_flag_audit") >= before);
    }

    [Fact]
    public async Task Rule_set_of_a_megabyte_is_a_field_error()
    {
        var users = string.Join(',', Enumerable.Range(0, 9_000).Select(i => $"\"{i}{new string('x', 110)}\""));
        using var response = await api.Client.PostJsonAsync("/api/v1/flags", $$"""{"name":"huge","users":[{{users}}]}""");
        Assert.Equal([" too_long"], (await response.AssertProblemAsync(ErrorCode.ValidationError)).Fields());
        using var beyond = await api.Client.PostJsonAsync("/api/v1/flags", $$"""{"name":"huge","note":"{{new string('x', 5_000_000)}}"}""");
        await beyond.AssertProblemAsync(ErrorCode.PayloadTooLarge);
    }

    [Fact]
    public async Task Item_that_others_need_is_not_deleted()
    {
        using var needed = await api.Client.PostJsonAsync("/api/v1/flags", """{"name":"needed"}""");
        using var needing = await api.Client.PostJsonAsync("/api/v1/flags", """{"name":"needing","prerequisites":[{"flag":"needed"}]}""");
        using var delete = new HttpRequestMessage(HttpMethod.Delete, "/api/v1/flags/needed") { Headers = { IfMatch = { needed.Headers.ETag! } } };
        using var refused = await api.Client.SendAsync(delete, TestContext.Current.CancellationToken);
        var problem = await refused.AssertProblemAsync(ErrorCode.ValidationError);
        Assert.Contains("needing", problem["errors"]![0]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("switches", """{"name":"x","active":true}""")]
    [InlineData("samples", """{"name":"x","percent":0.5}""")]
    [InlineData("segments", """{"name":"x","constraints":[{"field":"country","operator":"IN","values":["no"]}]}""")]
    public async Task Switches_samples_and_segments_have_the_same_routes(string path, string body)
    {
        using var created = await api.Client.PostJsonAsync($"/api/v1/flags/{path}", body);
        Assert.Equal($"/api/v1/flags/{path}/x", created.Headers.Location!.OriginalString);
        var listed = (await api.Client.GetJsonAsync($"/api/v1/flags/{path}"))["items"]!.AsArray().Single(item => (string)item!["name"]! == "x")!;
        Assert.Equal(created.Headers.ETag!.Tag, (string)listed["etag"]!);
        using var delete = new HttpRequestMessage(HttpMethod.Delete, $"/api/v1/flags/{path}/x") { Headers = { IfMatch = { created.Headers.ETag } } };
        using var deleted = await api.Client.SendAsync(delete, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
    }

    [Fact]
    public async Task Evaluation_says_which_rule_decided_and_bulk_answers_have_a_tag()
    {
        using var created = await api.Client.PostJsonAsync(
            "/api/v1/flags",
            """{"name":"asked","rules":[{"name":"Nordics","constraints":[{"field":"country","operator":"IN","values":["no"]}],"variant":"red"}],"variants":[{"name":"red","weight":50,"value":"#f00"}]}""");
        using var asked = await api.Client.PostJsonAsync("/api/v1/flags/asked/evaluate", """{"userId":"1","properties":{"country":"no"}}""");
        var answer = await asked.JsonAsync();
        Assert.Equal(
            (true, "red", "#f00", "rule", 0, "Rule 0, \"Nordics\", fits."),
            ((bool)answer["enabled"]!, (string)answer["variant"]!, (string)answer["value"]!, (string)answer["reason"]!, (int)answer["rule"]!, (string)answer["detail"]!));

        using var bulk = await api.Client.PostJsonAsync("/api/v1/flags/evaluate", """{"context":{"userId":"1"},"flags":["asked","nobody"]}""");
        Assert.Equal(["noMatch", "unknown"], (await bulk.JsonAsync())["flags"]!.AsArray().Select(flag => (string)flag!["reason"]!));
        using var again = new HttpRequestMessage(HttpMethod.Post, "/api/v1/flags/evaluate") { Content = Json("""{"context":{"userId":"1"},"flags":["asked","nobody"]}"""), Headers = { IfNoneMatch = { bulk.Headers.ETag! } } };
        using var unchanged = await api.Client.SendAsync(again, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        using var other = new HttpRequestMessage(HttpMethod.Post, "/api/v1/flags/evaluate") { Content = Json("""{"context":{"userId":"1","properties":{"country":"no"}},"flags":["asked","nobody"]}"""), Headers = { IfNoneMatch = { bulk.Headers.ETag! } } };
        using var changed = await api.Client.SendAsync(other, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);

        using var unknown = await api.Client.PostJsonAsync("/api/v1/flags/nobody/evaluate", "{}");
        await unknown.AssertProblemAsync(ErrorCode.ResourceNotFound);
    }

    [Fact]
    public async Task Scopes_tell_readers_from_writers()
    {
        using var reader = await api.WithTokenAsync("flags.read");
        using var none = await api.WithTokenAsync("orders.read");
        using var allowed = await reader.GetAsync("/api/v1/flags", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
        await (await none.GetAsync("/api/v1/flags", TestContext.Current.CancellationToken)).AssertProblemAsync(ErrorCode.Forbidden);
        await (await reader.PostJsonAsync("/api/v1/flags", """{"name":"no"}""")).AssertProblemAsync(ErrorCode.Forbidden);
        await (await reader.PostJsonAsync("/api/v1/flags/off", """{"reason":"no"}""")).AssertProblemAsync(ErrorCode.Forbidden);
        await (await api.Anonymous.GetAsync("/api/v1/flags", TestContext.Current.CancellationToken)).AssertProblemAsync(ErrorCode.Unauthenticated);
    }

    [Fact]
    public async Task Bad_queries_of_the_audit_are_field_errors()
    {
        using var response = await api.Client.GetAsync("/api/v1/flags/audit?kind=x&action=y&change=z&cursor=c&limit=0", TestContext.Current.CancellationToken);
        Assert.Equal(
            ["/action invalid", "/change invalid", "/cursor invalid", "/kind invalid", "/limit out_of_range"],
            (await response.AssertProblemAsync(ErrorCode.ValidationError)).Fields().Order(StringComparer.Ordinal));
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private Task<HttpResponseMessage> GetAsync(string path, EntityTagHeaderValue? known = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (known is not null)
        {
            request.Headers.IfNoneMatch.Add(known);
        }

        return api.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private Task<HttpResponseMessage> PutAsync(string path, string body, EntityTagHeaderValue? tag)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, path) { Content = Json(body) };
        request.Headers.IfMatch.Add(tag!);
        return api.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}

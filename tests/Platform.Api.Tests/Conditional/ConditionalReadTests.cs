using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Headers;
using Npgsql;
using Platform.Api.Tests.Support;
using Platform.Contracts.Answers;
using Platform.Errors;
using Platform.Testing;

namespace Platform.Api.Tests.Conditional;

public sealed class ConditionalReadTests(ApiHost api) : IClassFixture<ApiHost>
{
    public static TheoryData<string> Paths() =>
    [
        "/api/v1/customers", "/api/v1/products", "/api/v1/orders", "/api/v1/orders?status=paid&limit=3", "/api/v1/products?sort=name&active=true",
        "/api/v1/customers/{customer}", "/api/v1/products/{product}", "/api/v1/orders/{order}", "/api/v1/customers/{customer}/orders?limit=2", "/api/v1/orders/{order}/payment",
    ];

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Copy_that_is_still_good_is_not_sent_again_and_the_answer_has_the_fields_it_must(string template)
    {
        var path = await PathAsync(template);
        using var first = await SendAsync(HttpMethod.Get, path);
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        var tag = first.Headers.ETag!;
        Assert.False(tag.IsWeak);

        using var again = await SendAsync(HttpMethod.Get, path, ("If-None-Match", tag.Tag));
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Empty(await again.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Null(again.Content.Headers.ContentType);
        Assert.Equal(tag, again.Headers.ETag);
        Assert.NotNull(again.Headers.Date);
        foreach (var response in (HttpResponseMessage[])[first, again])
        {
            Assert.Equal("no-cache, private", response.Headers.CacheControl!.ToString());
            Assert.Equal(["Authorization", "Accept-Encoding"], response.Headers.Vary);
            Assert.Single(response.Headers.GetValues("X-Response-Time-Ms"));
        }

        using var head = await SendAsync(HttpMethod.Head, path);
        Assert.Equal((HttpStatusCode.OK, tag), (head.StatusCode, head.Headers.ETag));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        using var conditionalHead = await SendAsync(HttpMethod.Head, path, ("If-None-Match", $"\"x\", W/{tag.Tag}"));
        Assert.Equal((HttpStatusCode.NotModified, tag), (conditionalHead.StatusCode, conditionalHead.Headers.ETag));
        using var any = await SendAsync(HttpMethod.Get, path, ("If-None-Match", "*"));
        Assert.Equal(HttpStatusCode.NotModified, any.StatusCode);
        using var other = await SendAsync(HttpMethod.Get, path, ("If-None-Match", "\"other\""));
        Assert.Equal((HttpStatusCode.OK, tag), (other.StatusCode, other.Headers.ETag));
        using var failed = await SendAsync(HttpMethod.Get, path, ("If-Match", "\"other\""));
        await failed.AssertProblemAsync(ErrorCode.PreconditionFailed);
        using var matched = await SendAsync(HttpMethod.Get, path, ("If-Match", tag.Tag));
        Assert.Equal(HttpStatusCode.OK, matched.StatusCode);
    }

    [Theory]
    [InlineData("/api/v1/customers/{customer}")]
    [InlineData("/api/v1/products/{product}")]
    [InlineData("/api/v1/orders/{order}")]
    public async Task Date_decides_where_there_is_no_tag_and_not_where_there_is(string template)
    {
        // The first of each list: other tests change the last, and what was changed a moment ago has no date yet.
        var path = await PathAsync(template, first: true);
        using var first = await SendAsync(HttpMethod.Get, path);
        var modified = first.Content.Headers.LastModified!.Value.ToString("r");
        using var since = await SendAsync(HttpMethod.Get, path, ("If-Modified-Since", modified));
        Assert.Equal(HttpStatusCode.NotModified, since.StatusCode);
        using var both = await SendAsync(HttpMethod.Get, path, ("If-Modified-Since", modified), ("If-None-Match", "\"other\""));
        Assert.Equal(HttpStatusCode.OK, both.StatusCode);
        using var before = await SendAsync(HttpMethod.Get, path, ("If-Unmodified-Since", "Sat, 01 Jan 2000 00:00:00 GMT"));
        await before.AssertProblemAsync(ErrorCode.PreconditionFailed);
    }

    [Theory]
    [InlineData("/api/v1/audit?limit=1&to=2000-01-01T00:00:00Z")]
    [InlineData("/api/v1/budgets/changes")]
    [InlineData("/api/v1/flags/switches")]
    public async Task What_has_no_version_is_told_apart_by_its_bytes(string path)
    {
        using var first = await SendAsync(HttpMethod.Get, path);
        var tag = first.Headers.ETag!;
        Assert.False(tag.IsWeak);
        using var again = await SendAsync(HttpMethod.Get, path, ("If-None-Match", $"\"x\", {tag.Tag[..^1]}~br\""));
        Assert.Equal((HttpStatusCode.NotModified, $"{tag.Tag[..^1]}~br\""), (again.StatusCode, again.Headers.ETag!.Tag));
        Assert.Null(again.Content.Headers.ContentType);
        using var head = await SendAsync(HttpMethod.Head, path);
        Assert.Equal((HttpStatusCode.OK, tag), (head.StatusCode, head.Headers.ETag));
        using var failed = await SendAsync(HttpMethod.Get, path, ("If-Match", "\"other\""));
        await failed.AssertProblemAsync(ErrorCode.PreconditionFailed);
        foreach (var response in (HttpResponseMessage[])[first, again])
        {
            Assert.Equal("no-cache, private", response.Headers.CacheControl!.ToString());
            Assert.Equal(["Authorization", "Accept-Encoding"], response.Headers.Vary);
        }
    }

    [Fact]
    public async Task What_has_a_tag_of_its_bytes_gets_another_with_other_bytes_and_with_compression()
    {
        const string path = "/api/v1/flags?reason=tags";
        var note = string.Concat(Enumerable.Repeat("a long note ", 150));
        using var created = await api.Client.PostJsonAsync(path, $$"""{ "name": "tagged", "everyone": true, "note": "{{note}}" }""");
        Assert.Equal((HttpStatusCode.Created, "no-store"), (created.StatusCode, created.Headers.CacheControl!.ToString()));
        using var packed = await SendAsync(HttpMethod.Get, "/api/v1/flags/tagged", ("Accept-Encoding", "br"));
        Assert.Equal("br", Assert.Single(packed.Content.Headers.ContentEncoding));
        Assert.Equal($"{created.Headers.ETag!.Tag[..^1]}~br\"", packed.Headers.ETag!.Tag);
        using var audit = await SendAsync(HttpMethod.Get, "/api/v1/flags/audit?name=tagged");
        using var change = new HttpRequestMessage(HttpMethod.Delete, "/api/v1/flags/tagged?reason=done");
        change.Headers.TryAddWithoutValidation("If-Match", packed.Headers.ETag.Tag);
        using var changed = await api.Client.SendAsync(change, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, changed.StatusCode);
        using var later = await SendAsync(HttpMethod.Get, "/api/v1/flags/audit?name=tagged", ("If-None-Match", audit.Headers.ETag!.Tag));
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
        Assert.NotEqual(audit.Headers.ETag, later.Headers.ETag);
    }

    [Fact]
    public async Task Conditions_on_what_is_not_there_come_to_nothing()
    {
        using var response = await SendAsync(HttpMethod.Get, "/api/v1/orders/01900000-0000-7000-8000-000000000001", ("If-None-Match", "*"));
        await response.AssertProblemAsync(ErrorCode.ResourceNotFound);
    }

    [Fact]
    public async Task Caller_who_may_not_read_is_told_nothing_by_a_condition()
    {
        var path = await PathAsync("/api/v1/orders/{order}");
        using var first = await SendAsync(HttpMethod.Get, path);
        using var request = Request(HttpMethod.Get, path, ("If-None-Match", first.Headers.ETag!.Tag));
        using var anonymous = await api.Anonymous.SendAsync(request, TestContext.Current.CancellationToken);
        await anonymous.AssertProblemAsync(ErrorCode.Unauthenticated);
        using var catalog = await api.WithTokenAsync("catalog.read");
        using var again = Request(HttpMethod.Get, path, ("If-None-Match", first.Headers.ETag!.Tag));
        using var forbidden = await catalog.SendAsync(again, TestContext.Current.CancellationToken);
        await forbidden.AssertProblemAsync(ErrorCode.Forbidden);
    }

    [Fact]
    public async Task Hot_copy_is_answered_for_without_a_single_statement()
    {
        var path = await PathAsync("/api/v1/orders/{order}");
        using var first = await SendAsync(HttpMethod.Get, path);
        var tag = first.Headers.ETag!.Tag;
        await Eventually.BecomesTrueAsync(async () => await StatementsAsync(path, tag) == 0);

        // The source is asked when the client wants that.
        Assert.InRange(await StatementsAsync(path, tag, ("Cache-Control", "no-cache")), 1, 9);
        Assert.InRange(await StatementsAsync(path, "\"other\""), 1, 9);
    }

    [Fact]
    public async Task Each_answer_is_counted_by_what_the_copy_was_worth()
    {
        // The last page: no other test looks at it, so it is remembered from here on.
        const string path = "/api/v1/orders?limit=7&sort=placedAt";
        var (first, unasked) = await OutcomeAsync(path);
        Assert.Equal("unconditional", unasked);
        Assert.Equal("modified", (await OutcomeAsync(path, ("If-None-Match", "\"other\""))).Outcome);
        var (bytes, _) = await OutcomeAsync("/api/v1/budgets/changes");
        Assert.Equal("not_modified_body", (await OutcomeAsync("/api/v1/budgets/changes", ("If-None-Match", bytes.ToString()))).Outcome);
        Assert.Equal("not_modified_database", (await OutcomeAsync(path, ("If-None-Match", first.ToString()), ("Cache-Control", "no-cache"))).Outcome);
        Assert.Equal("failed", (await OutcomeAsync(path, ("If-Match", "\"other\""))).Outcome);
        await Eventually.BecomesTrueAsync(async () => (await OutcomeAsync(path, ("If-None-Match", first.ToString()))).Outcome == "not_modified_memory");
    }

    [Fact]
    public async Task Own_write_is_seen_at_once_by_who_asks_after_it()
    {
        var path = await PathAsync("/api/v1/products/{product}");
        const string list = "/api/v1/products?limit=100";
        for (var i = 0; i < 20; i++)
        {
            using var one = await SendAsync(HttpMethod.Get, path);
            using var all = await SendAsync(HttpMethod.Get, list);
            using var patched = await api.Client.SendJsonAsync(HttpMethod.Patch, path, $$"""{ "name": "Written {{i}}" }""");
            Assert.Equal(HttpStatusCode.OK, patched.StatusCode);
            using var again = await SendAsync(HttpMethod.Get, path, ("If-None-Match", one.Headers.ETag!.Tag));
            Assert.Equal(patched.Headers.ETag, again.Headers.ETag);
            Assert.Equal(HttpStatusCode.OK, again.StatusCode);
            using var listed = await SendAsync(HttpMethod.Get, list, ("If-None-Match", all.Headers.ETag!.Tag));
            Assert.Equal(HttpStatusCode.OK, listed.StatusCode);
        }
    }

    [Fact]
    public async Task Change_by_somebody_else_is_seen_within_the_bound_also_while_an_old_transaction_is_open_and_after_the_connection_was_cut()
    {
        var path = await PathAsync("/api/v1/customers/{customer}");
        await using var old = new NpgsqlConnection(api.ConnectionString);
        await old.OpenAsync(TestContext.Current.CancellationToken);
        await using var open = await old.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await ExecuteAsync(old, "SELECT pg_current_xact_id()");
        await using var other = new NpgsqlConnection(api.ConnectionString);
        await other.OpenAsync(TestContext.Current.CancellationToken);
        for (var round = 0; round < 3; round++)
        {
            using var first = await SendAsync(HttpMethod.Get, path);
            var tag = first.Headers.ETag!.Tag;
            await Eventually.BecomesTrueAsync(async () => await StatementsAsync(path, tag) == 0, TimeSpan.FromSeconds(15));
            if (round == 2)
            {
                await ExecuteAsync(other, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND query NOT LIKE '%pg_current_xact_id%'");
            }

            await ExecuteAsync(other, $"UPDATE commerce.customers SET name = 'By hand {round}' WHERE id = '{path[^36..]}'");
            await Eventually.BecomesTrueAsync(
                async () =>
                {
                    using var again = await SendAsync(HttpMethod.Get, path, ("If-None-Match", tag));
                    return again.StatusCode == HttpStatusCode.OK;
                },
                TimeSpan.FromSeconds(2.5));
        }
    }

    [Theory]
    [InlineData("br", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("zstd", "zstd")]
    [InlineData("gzip, deflate, br, zstd", "zstd")]
    [InlineData("zstd;q=0.5, br", "br")]
    [InlineData("zstd;q=0, gzip", "gzip")]
    public async Task Compressed_copy_has_a_tag_of_its_own_that_is_as_good(string accepted, string coding)
    {
        const string path = "/api/v1/orders?limit=30";
        using var plain = await SendAsync(HttpMethod.Get, path);
        using var packed = await SendAsync(HttpMethod.Get, path, ("Accept-Encoding", accepted));
        Assert.Equal(coding, Assert.Single(packed.Content.Headers.ContentEncoding));
        Assert.Equal($"{plain.Headers.ETag!.Tag[..^1]}~{coding}\"", packed.Headers.ETag!.Tag);
        var (text, bytes) = (await plain.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken), await packed.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.InRange(bytes.Length, 1, text.Length / 3);
        Assert.Equal(text, await ContentCoding.DecodeAsync(coding, bytes, TestContext.Current.CancellationToken));
        using var again = await SendAsync(HttpMethod.Get, path, ("Accept-Encoding", accepted), ("If-None-Match", packed.Headers.ETag.Tag));
        Assert.Equal((HttpStatusCode.NotModified, packed.Headers.ETag), (again.StatusCode, again.Headers.ETag));
        using var small = await SendAsync(HttpMethod.Get, await PathAsync("/api/v1/products/{product}"), ("Accept-Encoding", "br"));
        Assert.Empty(small.Content.Headers.ContentEncoding);
    }

    /// <summary>How many statements a request runs, told by the spans of the driver in its trace.</summary>
    private async Task<int> StatementsAsync(string path, string tag, params (string, string)[] headers)
    {
        var traces = new ConcurrentBag<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = activity => traces.Add(activity.TraceId.ToHexString()),
        };
        ActivitySource.AddActivityListener(listener);
        using var response = await SendAsync(HttpMethod.Get, path, [("If-None-Match", tag), .. headers]);
        return traces.Count(trace => trace == response.Headers.GetValues("X-Trace-Id").Single());
    }

    /// <summary>The tag of an answer, and as what it was counted: the counter is called within the request, so its trace tells it from those of other tests.</summary>
    private async Task<(EntityTagHeaderValue Tag, string? Outcome)> OutcomeAsync(string path, params (string, string)[] headers)
    {
        var counted = new ConcurrentDictionary<string, string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Name == "platform.http.conditional.requests")
                {
                    listening.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => counted[Activity.Current!.TraceId.ToHexString()] = (string)tags[0].Value!);
        listener.Start();
        using var response = await SendAsync(HttpMethod.Get, path, headers);
        return (response.Headers.ETag ?? EntityTagHeaderValue.Any, counted.GetValueOrDefault(response.Headers.GetValues("X-Trace-Id").Single()));
    }

    private async Task<string> PathAsync(string template, bool first = false)
    {
        foreach (var (name, list) in new[] { ("{customer}", "customers"), ("{product}", "products"), ("{order}", "orders?status=paid") })
        {
            if (template.Contains(name, StringComparison.Ordinal))
            {
                var page = await api.Client.GetJsonAsync($"/api/v1/{list}");
                template = template.Replace(name, page["items"]!.AsArray()[first ? 0 : ^1]!["id"]!.GetValue<string>(), StringComparison.Ordinal);
            }
        }

        return template;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, params (string Name, string Value)[] headers) =>
        api.Client.SendAsync(Request(method, path, headers), TestContext.Current.CancellationToken);

    private static HttpRequestMessage Request(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }
}

using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Platform.FeatureFlags;

namespace Platform.FlagServing.Tests.Ofrep;

/// <summary>Every kind of answer, held against the protocol's own document.</summary>
public sealed class OfrepAnswerTests
{
    private static readonly FlagDefinition[] Flags =
    [
        new() { Name = "on", Everyone = true },
        new() { Name = "ann", Users = ["ann", "secret-user-17"], Rules = [new RuleDefinition { Name = "secret-rule", Segments = ["secret-segment"] }] },
        new() { Name = "half", Percent = 50 },
        new() { Name = "valued", Variants = [new VariantDefinition { Name = "red", Weight = 100, Value = JsonSerializer.SerializeToElement("#f00") }] },
        new() { Name = "a/b c", Everyone = true },
        new() { Name = "ü%2F?#", Everyone = true },
        new() { Name = "broken", Prerequisites = [new PrerequisiteDefinition { Flag = "broken" }] },
    ];

    public static TheoryData<string, string, int, string?> Questions() => new()
    {
        { "on", "{}", 200, null },
        { "on", "", 200, null },
        { "on", """{"context":null}""", 200, null },
        { "on", """{"context":{"targetingKey":"ann","list":[1],"object":{"a":1},"nothing":null}}""", 200, null },
        { "valued", "{}", 200, null },
        { "a/b%20c", "{}", 200, null },
        { "a%2Fb%20c", "{}", 200, null },
        { "%C3%BC%252F%3F%23", "{}", 200, null },
        { "half", """{"context":{"targetingKey":"ann"}}""", 200, null },
        { "half", """{"context":{}}""", 400, "TARGETING_KEY_MISSING" },
        { "broken", "{}", 400, "PARSE_ERROR" },
        { "on", "{", 400, "PARSE_ERROR" },
        { "on", "[]", 400, "PARSE_ERROR" },
        { "on", "{\"context\":{\"a\":1,\"a\":2}}", 400, "PARSE_ERROR" },
        { "on", """{"context":{"x":"\ud800"}}""", 400, "PARSE_ERROR" },
        { "on", """{"context":7}""", 400, "INVALID_CONTEXT" },
        { "on", """{"context":{"targetingKey":7}}""", 400, "INVALID_CONTEXT" },
        { "on", """{"context":{"currentTime":"yesterday"}}""", 400, "INVALID_CONTEXT" },
        { "nothing", "{}", 404, "FLAG_NOT_FOUND" },
    };

    [Theory]
    [MemberData(nameof(Questions))]
    public async Task Single_answer_is_valid(string key, string body, int status, string? error)
    {
        await using var host = await OfrepHost.StartAsync();
        host.With(Flags);
        using var response = await host.EvaluateAsync(key, body);
        Assert.Equal(status, (int)response.StatusCode);
        var answer = await OfrepSchema.CheckSingleAsync(response);
        Assert.Equal(error, answer.TryGetProperty("errorCode", out var code) ? code.GetString() : null);
        Assert.Equal(Uri.UnescapeDataString(key), answer.GetProperty("key").GetString());
    }

    [Theory]
    [InlineData("{}", 200)]
    [InlineData("""{"context":{"targetingKey":"ann"}}""", 200)]
    [InlineData("{", 400)]
    [InlineData("""{"context":7}""", 400)]
    public async Task Bulk_answer_is_valid_and_shows_neither_rules_nor_other_users(string body, int status)
    {
        await using var host = await OfrepHost.StartAsync();
        host.With(Flags);
        using var response = await host.EvaluateAllAsync(body);
        Assert.Equal(status, (int)response.StatusCode);
        var answer = await OfrepSchema.CheckBulkAsync(response);
        Assert.DoesNotContain("secret", answer.GetRawText(), StringComparison.Ordinal);
        if (status == 200)
        {
            Assert.Equal(Flags.Select(flag => flag.Name), answer.GetProperty("flags").EnumerateArray().Select(flag => flag.GetProperty("key").GetString()));
            Assert.Equal("private, no-cache", response.Headers.CacheControl?.ToString().Replace("no-cache, private", "private, no-cache", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("wrong")]
    [InlineData("")]
    public async Task Caller_without_a_key_is_refused_before_the_body_is_read(string? key)
    {
        await using var host = await OfrepHost.StartAsync();
        host.With(Flags);
        using var single = await host.EvaluateAsync("on", "{", key);
        Assert.Equal(HttpStatusCode.Unauthorized, single.StatusCode);
        await OfrepSchema.CheckSingleAsync(single);
        using var bulk = await host.EvaluateAllAsync("{", apiKey: key);
        Assert.Equal(HttpStatusCode.Unauthorized, bulk.StatusCode);
        await OfrepSchema.CheckBulkAsync(bulk);
    }

    [Fact]
    public async Task Body_over_the_limit_is_an_invalid_context_with_and_without_its_length()
    {
        await using var host = await OfrepHost.StartAsync(new() { ["Platform:FeatureFlags:Ofrep:MaxBodyBytes"] = "2048" });
        host.With(Flags);
        var large = """{"context":{"blob":"#"}}""".Replace("#", new string('x', 2048), StringComparison.Ordinal);
        using var told = await host.EvaluateAsync("on", large);
        Assert.Equal("INVALID_CONTEXT", (await OfrepSchema.CheckSingleAsync(told)).GetProperty("errorCode").GetString());

        using var request = new HttpRequestMessage(HttpMethod.Post, "/ofrep/v1/evaluate/flags") { Content = new StringContent(large) };
        request.Headers.TransferEncodingChunked = true;
        request.Headers.Add("X-API-Key", OfrepHost.Key);
        using var chunked = await host.Host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal("INVALID_CONTEXT", (await OfrepSchema.CheckBulkAsync(chunked)).GetProperty("errorCode").GetString());
    }

    [Fact]
    public async Task Too_many_questions_of_one_client_are_told_when_to_come_back_and_no_other_client_is()
    {
        await using var host = await OfrepHost.StartAsync(new()
        {
            ["Platform:FeatureFlags:Ofrep:Burst"] = "1",
            ["Platform:FeatureFlags:Ofrep:RequestsPerSecond"] = "1",
        });
        host.With(Flags);
        using var first = await host.EvaluateAsync("on");
        using var second = await host.EvaluateAsync("on");
        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
        await OfrepSchema.CheckSingleAsync(second);

        using var other = new HttpRequestMessage(HttpMethod.Post, "/ofrep/v1/evaluate/flags/on");
        other.Headers.Authorization = new("Bearer", host.Token());
        using var answer = await host.Host.Client.SendAsync(other, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Failure_inside_is_a_general_error_in_the_protocols_form()
    {
        var clock = new BrokenClock();
        await using var host = await OfrepHost.StartAsync(services: services => services.AddSingleton<TimeProvider>(clock));
        host.With(new FlagDefinition { Name = "window", Windows = [new TimeWindowDefinition { End = DateTimeOffset.MaxValue }], Percent = 100 });
        clock.Broken = true;
        using var single = await host.EvaluateAsync("window");
        Assert.Equal(HttpStatusCode.InternalServerError, single.StatusCode);
        await OfrepSchema.CheckSingleAsync(single);
        using var bulk = await host.EvaluateAllAsync();
        Assert.Equal(HttpStatusCode.InternalServerError, bulk.StatusCode);
        await OfrepSchema.CheckBulkAsync(bulk);
    }

    [Fact]
    public async Task Validator_covers_rules_and_context()
    {
        await using var host = await OfrepHost.StartAsync();
        host.With(Flags);
        const string ann = """{"context":{"targetingKey":"ann"}}""";
        var etag = await ETagAsync(host, ann);
        Assert.Equal(HttpStatusCode.NotModified, await AgainAsync(host, ann, etag));
        Assert.Equal(HttpStatusCode.NotModified, await AgainAsync(host, ann, $"\"other\", {etag}"));
        Assert.Equal(HttpStatusCode.OK, await AgainAsync(host, """{"context":{"targetingKey":"bob"}}""", etag));

        host.With([.. Flags, new FlagDefinition { Name = "more" }]);
        Assert.Equal(HttpStatusCode.OK, await AgainAsync(host, ann, etag));

        // The same rules again, as another replica has them.
        host.With(Flags);
        Assert.Equal(HttpStatusCode.NotModified, await AgainAsync(host, ann, etag));
    }

    [Fact]
    public async Task Validator_covers_time_windows()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 8, 0, 0, TimeSpan.Zero));
        await using var host = await OfrepHost.StartAsync(
            new() { ["Platform:FeatureFlags:Streams:TokenLifetime"] = "1.00:00:00" }, services => services.AddSingleton<TimeProvider>(clock));
        host.With(new FlagDefinition
        {
            Name = "noon",
            Percent = 100,
            Windows = [new TimeWindowDefinition { Start = clock.GetUtcNow().AddHours(1), End = clock.GetUtcNow().AddHours(2) }],
        });
        const string ann = """{"context":{"targetingKey":"ann"}}""";
        var before = await ETagAsync(host, ann);
        clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(HttpStatusCode.NotModified, await AgainAsync(host, ann, before));
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.OK, await AgainAsync(host, ann, before));
        var during = await ETagAsync(host, ann);
        clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(HttpStatusCode.OK, await AgainAsync(host, ann, during));
        Assert.Equal(HttpStatusCode.NotModified, await AgainAsync(host, ann, before));
    }

    [Fact]
    public async Task Validator_changes_before_the_token_of_the_stream_expires()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 8, 0, 0, TimeSpan.Zero));
        await using var host = await OfrepHost.StartAsync(services: services => services.AddSingleton<TimeProvider>(clock));
        host.With(Flags);
        var etag = await ETagAsync(host, "{}");
        clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(HttpStatusCode.OK, await AgainAsync(host, "{}", etag));
    }

    private static async Task<string> ETagAsync(OfrepHost host, string body)
    {
        using var response = await host.EvaluateAllAsync(body);
        await OfrepSchema.CheckBulkAsync(response);
        return response.Headers.ETag!.ToString();
    }

    private static async Task<HttpStatusCode> AgainAsync(OfrepHost host, string body, string etag)
    {
        using var response = await host.EvaluateAllAsync(body, etag);
        await OfrepSchema.CheckBulkAsync(response);
        return response.StatusCode;
    }

    private sealed class BrokenClock : TimeProvider
    {
        public bool Broken { get; set; }

        public override DateTimeOffset GetUtcNow() => Broken ? throw new InvalidOperationException("The clock stands still.") : base.GetUtcNow();
    }
}

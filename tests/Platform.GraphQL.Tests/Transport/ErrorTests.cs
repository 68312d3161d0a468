using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Hosting;
using Platform.Errors;
using Platform.GraphQL.Tests.Hosting;

namespace Platform.GraphQL.Tests.Transport;

public sealed partial class ErrorTests(SampleHost host) : IClassFixture<SampleHost>
{
    [Theory]
    [InlineData("{ hello", "INVALID_INPUT")]
    [InlineData("{ unknown }", "VALIDATION_ERROR")]
    [InlineData("query ($n: Int!) { echo(number: $n) }", "VALIDATION_ERROR")]
    [InlineData("{ echo(number: \"x\") }", "VALIDATION_ERROR")]
    [InlineData("{ crash }", "INTERNAL_ERROR")]
    [InlineData("{ nothing }", "INTERNAL_ERROR")]
    [InlineData("{ refuse }", "RESOURCE_NOT_FOUND")]
    [InlineData("{ invalid }", "VALIDATION_ERROR")]
    public async Task Every_error_has_a_code_of_the_catalogue_a_time_and_a_trace(string query, string code)
    {
        var answer = await host.Http.AskAsync(host.Url, query);

        Assert.Equal(code, answer.Code);
        Assert.Contains(ErrorCode.All, known => known.Code == code);
        var extensions = answer.Error.GetProperty("extensions");
        Assert.Equal(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(), extensions.GetProperty("timestamp").GetDouble(), tolerance: 60);
        Assert.NotEmpty(extensions.GetProperty("traceId").GetString()!);
    }

    [Fact]
    public async Task A_refusal_of_the_domain_says_which_resource_and_which_fields()
    {
        var notFound = await host.Http.AskAsync(host.Url, "{ refuse }");
        var invalid = await host.Http.AskAsync(host.Url, "{ invalid }");

        Assert.Equal(HttpStatusCode.OK, notFound.Status);
        Assert.Equal(JsonValueKind.Null, notFound.Data.GetProperty("refuse").ValueKind);
        Assert.Equal("refuse", notFound.Error.GetProperty("path")[0].GetString());
        Assert.Equal("thing", notFound.Error.GetProperty("extensions").GetProperty("resourceType").GetString());
        Assert.Equal("42", notFound.Error.GetProperty("extensions").GetProperty("resourceId").GetString());
        var fields = invalid.Error.GetProperty("extensions").GetProperty("fieldErrors");
        Assert.Equal(["/name", "/age"], fields.EnumerateArray().Select(f => f.GetProperty("pointer").GetString()));
        Assert.Equal(["required", "out_of_range"], fields.EnumerateArray().Select(f => f.GetProperty("code").GetString()));
    }

    [Theory]
    [InlineData("{ crash }")]
    [InlineData("{ nothing }")]
    [InlineData("{ echo(number: \"x\") }")]
    [InlineData("{ echo(number: 99999999999) }")]
    [InlineData("query ($n: Int) { echo(number: $n) }")]
    [InlineData("query ($n: Int = 99999999999) { echo(number: $n) }")]
    [InlineData("query ($n: Unknown) { echo(number: $n) }")]
    public async Task No_error_names_a_type_of_the_code_or_quotes_an_exception(string query)
    {
        var answer = await host.Http.AskAsync(host.Url, query, new { n = "a value that was sent" });

        Assert.NotEmpty(answer.Errors);
        Assert.DoesNotMatch(Leaks(), answer.Body.GetRawText());
    }

    [Fact]
    public async Task No_error_gives_anything_away_in_development_either()
    {
        await using var development = new SampleHost(Environments.Development);
        await development.InitializeAsync();
        foreach (var query in (string[])["{ crash }", "{ nothing }", "{ echo(number: \"x\") }", "query ($n: Int) { echo(number: $n) }"])
        {
            var answer = await development.Http.AskAsync(development.Url, query, new { n = "a value that was sent" });
            Assert.NotEmpty(answer.Errors);
            Assert.DoesNotMatch(Leaks(), answer.Body.GetRawText());
        }
    }

    [Theory]
    [InlineData("{ helo }")]
    [InlineData("{ echo(txt: \"\") }")]
    [InlineData("query ($n: Strin) { hello }")]
    public async Task Names_are_suggested_in_development_only(string query)
    {
        await using var development = new SampleHost(Environments.Development);
        await development.InitializeAsync();

        var there = await development.Http.AskAsync(development.Url, query);
        var here = await host.Http.AskAsync(host.Url, query);

        Assert.Contains(there.Errors, e => e.GetProperty("message").GetString()!.Contains("Did you mean", StringComparison.Ordinal));
        Assert.DoesNotContain(here.Errors, e => e.GetProperty("message").GetString()!.Contains("Did you mean", StringComparison.Ordinal));
    }

    [Fact]
    public async Task At_most_five_errors_come_back()
    {
        var answer = await host.Http.AskAsync(host.Url, $"{{ {string.Join(' ', Enumerable.Range(0, 25).Select(i => $"unknown{i}"))} }}");

        Assert.Equal(5, answer.Errors.Count);
        Assert.InRange(answer.Bytes, 1, 4_096);
    }

    [Fact]
    public async Task A_request_error_keeps_its_status_in_the_newer_media_type_and_is_200_in_the_older()
    {
        var newer = await host.Http.AskAsync(host.Url, "{ unknown }");
        var older = await host.Http.AskAsync(host.Url, "{ unknown }", accept: "application/json");

        Assert.Equal(HttpStatusCode.BadRequest, newer.Status);
        Assert.Equal(HttpStatusCode.OK, older.Status);
        Assert.False(newer.Body.TryGetProperty("data", out _));
        Assert.False(older.Body.TryGetProperty("data", out _));
    }

    [Fact]
    public async Task An_operation_that_takes_too_long_is_cancelled()
    {
        await using var hasty = new SampleHost(Environments.Production, ("Timeout", "00:00:00.2"));
        await hasty.InitializeAsync();

        var answer = await hasty.Http.AskAsync(hasty.Url, "{ hello slow }");

        Assert.Equal("TIMEOUT", answer.Code);
        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.Status);
    }

    [GeneratedRegex("System|Int32|Exception|Secret|/srv|String'|Boolean'|a value that was sent| at ")]
    private static partial Regex Leaks();
}

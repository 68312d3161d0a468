using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Platform.GraphQL.Tests.Hosting;

namespace Platform.GraphQL.Tests.Transport;

public sealed class RequestTests(SampleHost host) : IClassFixture<SampleHost>
{
    [Theory]
    [InlineData("/api/graphql")]
    [InlineData("/api/graphql/")]
    public async Task The_slash_at_the_end_makes_no_difference(string path)
    {
        var answer = await host.Http.AskAsync(new Uri(host.Url, path), "{ hello }");

        Assert.Equal("world", answer.Data.GetProperty("hello").GetString());
    }

    [Fact]
    public async Task A_get_reads_with_parameters_from_the_query()
    {
        var url = new Uri(host.Url, "?query=" + Uri.EscapeDataString("query A($t: String) { echo(text: $t) } query B { hello }")
            + "&operationName=A&variables=" + Uri.EscapeDataString("""{"t":"ü"}"""));

        var answer = await host.Http.AskAsync(new HttpRequestMessage(HttpMethod.Get, url));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("ü", answer.Data.GetProperty("echo").GetString());
    }

    [Theory]
    [InlineData(GraphQLAnswer.GraphQLResponse)]
    [InlineData("application/json")]
    public async Task A_mutation_by_get_is_refused_and_not_executed(string accept)
    {
        var before = SampleSchema.Changes;
        var url = new Uri(host.Url, "?query=" + Uri.EscapeDataString("query A { hello } mutation B { change }") + "&operationName=B");

        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var response = await host.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(["POST"], response.Content.Headers.Allow);
        Assert.Equal(before, SampleSchema.Changes);
    }

    [Theory]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    [InlineData("HEAD")]
    public async Task Another_method_is_405_with_allow(string method)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), host.Url);
        using var response = await host.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(["GET", "POST", "PUT"], response.Content.Headers.Allow);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData(null)]
    public async Task A_body_of_another_media_type_is_415(string? contentType)
    {
        var content = new ByteArrayContent("""{"query":"mutation { change }"}"""u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        var before = SampleSchema.Changes;

        var answer = await host.Http.AskAsync(new HttpRequestMessage(HttpMethod.Post, host.Url) { Content = content });

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.Status);
        Assert.Equal("application/problem+json", answer.MediaType);
        Assert.Equal("UNSUPPORTED_MEDIA_TYPE", answer.Body.GetProperty("code").GetString());
        Assert.Equal(before, SampleSchema.Changes);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_over_the_limit_is_413_whether_its_length_is_announced_or_not(bool announced)
    {
        var body = Encoding.UTF8.GetBytes($$"""{"query":"{ hello }","variables":{"x":"{{new string('x', 300_000)}}" } }""");
        var request = new HttpRequestMessage(HttpMethod.Post, host.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/json");
        request.Headers.TransferEncodingChunked = !announced;

        var answer = await host.Http.AskAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.Status);
        Assert.Equal("PAYLOAD_TOO_LARGE", answer.Body.GetProperty("code").GetString());
        Assert.Equal("application/problem+json", answer.MediaType);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""[{"query":"{ hello }"}]""")]
    [InlineData("""{"query":"{ hello }" """)]
    [InlineData("""{"query":"{ hello }"} x""")]
    [InlineData("""{"query":"{ hello }","query":"{ nothing }"}""")]
    [InlineData("""{"query":"\uD800"}""")]
    [InlineData("""{"query":"{ hello }","variables":{"a":"\uDC00"}}""")]
    [InlineData("""{"query":"{ hello }","variables":"{}"}""")]
    public async Task A_body_that_is_no_request_is_400(string body)
    {
        var content = new StringContent(body, Encoding.UTF8, "application/json");

        var answer = await host.Http.AskAsync(new HttpRequestMessage(HttpMethod.Post, host.Url) { Content = content }, accept: "application/json");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("INVALID_INPUT", answer.Code);
        Assert.False(answer.Body.TryGetProperty("data", out _));
    }

    [Fact]
    public async Task Broken_utf8_is_400()
    {
        var content = new ByteArrayContent([.. "{\"query\":\"{ hello }"u8, 0xC3, 0x28, .. "\"}"u8]);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/json");

        var answer = await host.Http.AskAsync(new HttpRequestMessage(HttpMethod.Post, host.Url) { Content = content });

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
    }

    [Theory]
    [InlineData("?query=%7Bhello%7D&query=%7Bnothing%7D")]
    [InlineData("?variables=%7B%7D")]
    [InlineData("?query=%7Bhello%7D&variables=%5B%5D")]
    [InlineData("?query=%7Bhello%7D&variables=%7B")]
    [InlineData("?query=%7Bhello%7D&extensions=1")]
    public async Task A_get_with_wrong_parameters_is_400(string query)
    {
        var answer = await host.Http.AskAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(host.Url, query)));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("INVALID_INPUT", answer.Code);
    }

    [Theory]
    [InlineData(null, "application/json")]
    [InlineData("*/*", "application/json")]
    [InlineData("application/*", "application/json")]
    [InlineData("application/json", "application/json")]
    [InlineData("application/graphql-response+json", GraphQLAnswer.GraphQLResponse)]
    [InlineData("application/graphql-response+json; charset=utf-8, application/json; charset=utf-8", GraphQLAnswer.GraphQLResponse)]
    [InlineData("application/json, application/graphql-response+json", GraphQLAnswer.GraphQLResponse)]
    [InlineData("application/graphql-response+json;q=0.5, application/json", "application/json")]
    [InlineData("application/graphql-response+json, application/json;q=0.9, */*;q=0.1", GraphQLAnswer.GraphQLResponse)]
    [InlineData("text/html, application/json;q=0, */*;q=0.1, application/graphql-response+json;q=0.2", GraphQLAnswer.GraphQLResponse)]
    public async Task The_media_type_of_the_answer_follows_accept(string? accept, string expected)
    {
        var answer = await host.Http.AskAsync(host.Url, "{ hello }", accept: accept);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(expected, answer.MediaType);
        Assert.Contains("Accept", answer.Headers.Vary);
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/json;q=0")]
    [InlineData("application/json;q=0, */*")]
    public async Task Nothing_acceptable_is_406(string accept)
    {
        var answer = await host.Http.AskAsync(host.Url, "{ hello }", accept: accept);

        Assert.Equal(HttpStatusCode.NotAcceptable, answer.Status);
        Assert.Equal("NOT_ACCEPTABLE", answer.Body.GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("query A { hello } query B { hello }", null)]
    [InlineData("query A { hello }", "C")]
    [InlineData("fragment F on Query { hello }", null)]
    [InlineData("subscription { hello }", null)]
    public async Task An_operation_that_cannot_be_told_is_refused(string query, string? operationName)
    {
        var body = System.Text.Json.JsonSerializer.Serialize(new { query, operationName });
        var content = new StringContent(body, Encoding.UTF8, "application/json");

        var answer = await host.Http.AskAsync(new HttpRequestMessage(HttpMethod.Post, host.Url) { Content = content });

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("INVALID_INPUT", answer.Code);
    }
}

using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Platform.Api.Tests.Support;
using Platform.Errors;
using Platform.ServiceDefaults.Errors;

namespace Platform.Api.Tests.Errors;

/// <summary>Any exception and any bare status behind <c>UseErrors()</c> is answered with a problem document.</summary>
public sealed class ErrorAnswerTests : IAsyncLifetime
{
    private const string Secret = "SELECT password FROM users at Platform.Api.Secret.Run()";

    private WebApplication _app = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = Environments.Development });
        builder.AddServiceDefaults();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddErrors();
        _app = builder.Build();
        _app.UseErrors();
        _app.MapErrorPages();
        _app.MapGet("/unexpected", void () => throw new InvalidOperationException(Secret));
        _app.MapGet("/dependency", void () => throw new HttpRequestException(Secret));
        _app.MapGet("/timeout", void () => throw new TimeoutException(Secret));
        _app.MapGet("/json", void () => JsonSerializer.Deserialize<int[]>("[1,"));
        _app.MapGet("/refused", void () => throw new ErrorException(ErrorCode.RateLimitExceeded, "Slower.") { RetryAfter = TimeSpan.FromMilliseconds(1_200) });
        _app.MapGet("/typed", (int id) => id);
        _app.MapGet("/status/{code:int}", (int code) => Results.StatusCode(code));
        _app.MapGet("/body", () => Results.Text("teapot", statusCode: 418));
        _app.MapGet("/described", void (HttpResponse response) =>
        {
            response.Headers.ETag = "\"1\"";
            response.Headers.ContentEncoding = "br";
            response.Headers["X-Kept"] = "yes";
            throw new InvalidOperationException(Secret);
        });
        _app.MapGet("/started", async (HttpResponse response) =>
        {
            await response.WriteAsync("half");
            await response.Body.FlushAsync();
            throw new InvalidOperationException(Secret);
        });
        await _app.StartAsync(TestContext.Current.CancellationToken);
        _client = new HttpClient { BaseAddress = new Uri(_app.Urls.First()) };
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }

    [Theory]
    [InlineData("/unexpected", "INTERNAL_ERROR")]
    [InlineData("/dependency", "EXTERNAL_SERVICE_ERROR")]
    [InlineData("/timeout", "TIMEOUT")]
    [InlineData("/json", "INVALID_INPUT")]
    [InlineData("/typed?id=abc", "INVALID_INPUT")]
    [InlineData("/typed", "INVALID_INPUT")]
    [InlineData("/status/401", "UNAUTHENTICATED")]
    [InlineData("/status/403", "FORBIDDEN")]
    [InlineData("/status/406", "NOT_ACCEPTABLE")]
    [InlineData("/status/412", "PRECONDITION_FAILED")]
    [InlineData("/status/429", "RATE_LIMIT_EXCEEDED")]
    [InlineData("/status/503", "SERVICE_UNAVAILABLE")]
    [InlineData("/status/504", "TIMEOUT")]
    [InlineData("/nothing", "RESOURCE_NOT_FOUND")]
    public async Task Error_is_a_problem_document_that_gives_nothing_away(string path, string code)
    {
        using var response = await GetAsync(path);
        await response.AssertProblemAsync(ErrorCode.All.Single(entry => entry.Code == code));
    }

    [Fact]
    public async Task Every_code_of_the_catalogue_is_found_by_a_status_of_its_own()
    {
        foreach (var status in ErrorCode.All.Select(code => code.Status).Distinct())
        {
            using var response = await GetAsync($"/status/{status}");
            Assert.Equal(status, (int)response.StatusCode);
            Assert.Equal(status, (await response.JsonAsync())["status"]!.GetValue<int>());
        }
    }

    [Fact]
    public async Task Type_of_every_error_leads_to_its_page()
    {
        foreach (var code in ErrorCode.All)
        {
            using var response = await GetAsync(ProblemDocument.TypeOf(code));
            Assert.Equal("text/html", response.Content.Headers.ContentType!.MediaType);
            Assert.Contains($"<h1>{code.Code}</h1>", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }

        using var index = await GetAsync("/errors");
        Assert.Contains("/errors/TIMEOUT", await index.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wait_is_told_in_whole_seconds_and_never_shorter()
    {
        using var response = await GetAsync("/refused");
        await response.AssertProblemAsync(ErrorCode.RateLimitExceeded);
        Assert.Equal(TimeSpan.FromSeconds(2), response.Headers.RetryAfter!.Delta);
    }

    [Fact]
    public async Task Answer_that_has_a_body_already_is_left_alone()
    {
        using var response = await GetAsync("/body");
        Assert.Equal("teapot", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Headers_that_described_the_body_that_failed_are_gone_and_others_stay()
    {
        using var response = await GetAsync("/described");
        await response.AssertProblemAsync(ErrorCode.InternalError);
        Assert.Null(response.Headers.ETag);
        Assert.Empty(response.Content.Headers.ContentEncoding);
        Assert.Equal("yes", Assert.Single(response.Headers.GetValues("X-Kept")));
    }

    [Fact]
    public async Task Answer_that_fails_half_way_is_cut_off_rather_than_ended_as_if_whole()
    {
        await Assert.ThrowsAnyAsync<Exception>(() => _client.GetStringAsync("/started", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Head_is_answered_without_a_body()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, "/nothing");
        using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    private Task<HttpResponseMessage> GetAsync(string path) => _client.GetAsync(path, TestContext.Current.CancellationToken);
}

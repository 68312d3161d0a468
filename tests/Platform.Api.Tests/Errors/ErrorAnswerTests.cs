using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
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

    private readonly List<WebApplication> _apps = [];
    private readonly Dictionary<string, HttpClient> _clients = [];
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        foreach (var environment in (string[])[Environments.Development, Environments.Production])
        {
            var app = Build(environment);
            _apps.Add(app);
            await app.StartAsync(TestContext.Current.CancellationToken);
            _clients[environment] = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        }

        _client = _clients[Environments.Production];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients.Values)
        {
            client.Dispose();
        }

        foreach (var app in _apps)
        {
            await app.DisposeAsync();
        }
    }

    private static WebApplication Build(string environment)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.AddServiceDefaults();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddErrors();
        var app = builder.Build();
        app.UseErrors();
        app.Use((context, next) =>
        {
            context.Request.EnableBuffering();
            return next(context);
        });
        app.MapErrorPages();
        app.MapGet("/unexpected", void () => throw new InvalidOperationException(Secret));
        app.MapGet("/dependency", void () => throw new HttpRequestException(Secret));
        app.MapGet("/timeout", void () => throw new TimeoutException(Secret));
        app.MapGet("/client-timeout", void () => throw new TaskCanceledException(Secret, new TimeoutException(Secret)));
        app.MapGet("/json", () => JsonSerializer.Deserialize<int[]>("[1,"));
        app.MapGet("/refused", void () => throw new ErrorException(ErrorCode.RateLimitExceeded, "Slower.") { RetryAfter = TimeSpan.FromMilliseconds(1_200) });
        app.MapGet("/typed/{day}", (DateOnly day, int id, bool[] on, [FromHeader(Name = "X-Count")] int? count, [FromQuery(Name = "as")] DayOfWeek? weekday, CancellationToken cancellationToken) => "fits");
        app.MapPost("/thing", (Thing thing) => thing);
        app.MapGet("/status/{code:int}", (int code) => Results.StatusCode(code));
        app.MapGet("/body", () => Results.Text("teapot", statusCode: 418));
        app.MapGet("/described", void (HttpResponse response) =>
        {
            response.Headers.ETag = "\"1\"";
            response.Headers.ContentEncoding = "br";
            response.Headers["X-Kept"] = "yes";
            throw new InvalidOperationException(Secret);
        });
        app.MapGet("/started", async (HttpResponse response) =>
        {
            await response.WriteAsync("half");
            await response.Body.FlushAsync();
            throw new InvalidOperationException(Secret);
        });
        return app;
    }

    [Theory]
    [InlineData("/unexpected", "INTERNAL_ERROR")]
    [InlineData("/dependency", "EXTERNAL_SERVICE_ERROR")]
    [InlineData("/timeout", "TIMEOUT")]
    [InlineData("/client-timeout", "TIMEOUT")]
    [InlineData("/json", "INTERNAL_ERROR")]
    [InlineData("/typed/2026-01-02?id=abc", "VALIDATION_ERROR")]
    [InlineData("/typed/2026-01-02", "MISSING_REQUIRED_FIELD")]
    [InlineData("/status/400", "INVALID_INPUT")]
    [InlineData("/status/401", "UNAUTHENTICATED")]
    [InlineData("/status/403", "FORBIDDEN")]
    [InlineData("/status/406", "NOT_ACCEPTABLE")]
    [InlineData("/status/412", "PRECONDITION_FAILED")]
    [InlineData("/status/429", "RATE_LIMIT_EXCEEDED")]
    [InlineData("/status/503", "SERVICE_UNAVAILABLE")]
    [InlineData("/status/504", "TIMEOUT")]
    [InlineData("/nothing", "RESOURCE_NOT_FOUND")]
    public async Task Error_is_a_problem_document_that_gives_nothing_away_in_any_environment(string path, string code)
    {
        foreach (var client in _clients.Values)
        {
            using var response = await client.GetAsync(path, TestContext.Current.CancellationToken);
            await response.AssertProblemAsync(ErrorCode.All.Single(entry => entry.Code == code));
        }
    }

    [Theory]
    [InlineData("/typed/2026-01-02?id=1&on=true&as=Monday", "3", "")]
    [InlineData("/typed/2026-01-02?id=1&on=true&as=", "3", "/as invalid")]
    [InlineData("/typed/2026-01-02?on=true&on=false", "3", "/id required")]
    [InlineData("/typed/x?id=1.5&on=true&on=2&as=monday", "many", "/day invalid,/id invalid,/on invalid,/X-Count invalid,/as invalid")]
    [InlineData("/typed/2026-02-30?on=true", "many", "/day invalid,/id required,/X-Count invalid")]
    public async Task Every_parameter_that_does_not_fit_is_named_as_the_caller_knows_it(string path, string? count, string fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (count is not null)
        {
            request.Headers.Add("X-Count", count);
        }

        using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        if (fields.Length == 0)
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            return;
        }

        var code = fields.Contains("invalid", StringComparison.Ordinal) ? ErrorCode.ValidationError : ErrorCode.MissingRequiredField;
        Assert.Equal(fields.Split(','), (await response.AssertProblemAsync(code)).Fields());
    }

    [Theory]
    [InlineData("""{ "name": 1, "day": "x", "more": { "a": { "size": "big" }, "b/~": { "size": 2, "kind": "no" } }, "parts": [{ "size": null }, 7, { "size": 3 }] }""",
        "/name invalid,/day invalid,/more/a/size invalid,/more/b~1~0/kind invalid,/parts/0/size invalid,/parts/1 invalid")]
    [InlineData("""{ "day": "2026-01-02", "parts": [{}] }""", "/parts/0/size required,/name required")]
    [InlineData("""{ "name": 1, "day": """, "/name invalid")]
    [InlineData("""{ "name": "x", "unknown": { "size": "big" } }""", "")]
    public async Task Every_place_of_a_body_that_has_the_wrong_type_is_named_at_once(string body, string fields)
    {
        using var response = await _client.PostJsonAsync("/thing", body);
        if (fields.Length == 0)
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            return;
        }

        Assert.Equal(fields.Split(','), (await response.AssertProblemAsync(ErrorCode.ValidationError)).Fields());
    }

    [Fact]
    public async Task Body_that_is_no_json_is_told_as_such_with_the_place()
    {
        using var response = await _client.PostJsonAsync("/thing", """{ "name": "x", }""");
        Assert.Contains("line 1, byte 16", (await response.AssertProblemAsync(ErrorCode.InvalidInput))["detail"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Code_that_says_to_wait_always_says_how_long()
    {
        foreach (var status in ErrorCode.All.Where(code => code.Retry is RetryAdvice.AfterWait && ErrorCode.ForStatus(code.Status) == code).Select(code => code.Status))
        {
            using var response = await GetAsync($"/status/{status}");
            Assert.Equal(TimeSpan.FromSeconds(1), response.Headers.RetryAfter?.Delta);
        }
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

    internal sealed record Thing(DateOnly? Day, Dictionary<string, Part>? More, IReadOnlyList<Part>? Parts)
    {
        public required string Name { get; init; }
    }

    internal readonly record struct Part
    {
        public required int Size { get; init; }

        public DayOfWeek Kind { get; init; }
    }
}

using System.Net;
using Platform.Api.Tests.Support;
using Platform.Errors;

namespace Platform.Api.Tests.Conditional;

public sealed class ConditionalWriteTests(ApiHost api) : IClassFixture<ApiHost>
{
    private const string Etagless = "\"0-0-000000\"";

    [Fact]
    public async Task Write_that_names_an_old_version_is_refused_and_one_that_names_the_present_passes()
    {
        var (path, tag) = await NewProductAsync("match");
        using var renamed = await SendAsync(HttpMethod.Put, path, Body("match", "Renamed"), tag);
        Assert.Equal(HttpStatusCode.OK, renamed.StatusCode);
        var next = renamed.Headers.ETag!.Tag;
        Assert.NotEqual(tag, next);
        Assert.Equal(path, renamed.Content.Headers.ContentLocation!.ToString());

        foreach (var method in (HttpMethod[])[HttpMethod.Put, HttpMethod.Patch, HttpMethod.Delete])
        {
            using var stale = await SendAsync(method, path, Body("match", "Lost"), tag);
            await stale.AssertProblemAsync(ErrorCode.PreconditionFailed);
        }

        using var weak = await SendAsync(HttpMethod.Put, path, Body("match", "Weak"), $"W/{next}");
        await weak.AssertProblemAsync(ErrorCode.PreconditionFailed);
        using var any = await SendAsync(HttpMethod.Patch, path, """{ "active": false }""", "*");
        Assert.Equal(HttpStatusCode.OK, any.StatusCode);
        Assert.Equal("Renamed", (await any.JsonAsync())["name"]!.GetValue<string>());
        using var deleted = await SendAsync(HttpMethod.Delete, path, null, $"{Etagless}, {any.Headers.ETag!.Tag}");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        using var gone = await api.Client.GetAsync(path, TestContext.Current.CancellationToken);
        await gone.AssertProblemAsync(ErrorCode.ResourceNotFound);
    }

    [Fact]
    public async Task Of_two_who_change_the_same_version_at_once_exactly_one_wins()
    {
        var (path, tag) = await NewProductAsync("race");
        for (var round = 0; round < 15; round++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => SendAsync(HttpMethod.Put, path, Body("race", $"Writer {i} of {round}"), tag)));
            var winner = Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.OK);
            foreach (var loser in answers.Where(answer => answer != winner))
            {
                await loser.AssertProblemAsync(ErrorCode.PreconditionFailed);
            }

            tag = winner.Headers.ETag!.Tag;
            Assert.Equal((await winner.JsonAsync())["name"]!.GetValue<string>(), (await api.Client.GetJsonAsync(path))["name"]!.GetValue<string>());
        }
    }

    [Fact]
    public async Task Delete_has_to_say_what_it_deletes()
    {
        var (path, _) = await NewProductAsync("required");
        using var response = await SendAsync(HttpMethod.Delete, path, null, null);
        await response.AssertProblemAsync(ErrorCode.PreconditionRequired);
        Assert.Equal(HttpStatusCode.OK, (await api.Client.GetAsync(path, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task Updates_have_to_say_what_they_change_where_that_is_configured()
    {
        await using var strict = new ApiServer(api.ConnectionString, settings: ("Platform:Conditional:RequireForUpdates", "true"));
        using var client = strict.CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", await client.TokenAsync());
        var (path, tag) = await NewProductAsync("strict");
        using var refused = await client.PutJsonAsync(path, Body("strict", "No"));
        await refused.AssertProblemAsync(ErrorCode.PreconditionRequired);
        using var request = new HttpRequestMessage(HttpMethod.Put, path) { Content = new StringContent(Body("strict", "Yes"), null, "application/json") };
        request.Headers.TryAddWithoutValidation("If-Match", tag);
        using var accepted = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
    }

    [Fact]
    public async Task Write_of_what_has_no_version_is_not_done_in_spite_of_a_condition()
    {
        const string budget = """{ "route": "GET /api/v1/guarded/", "p50Ms": 1, "p95Ms": 2, "p99Ms": 3, "reason": "a test" }""";
        using var refused = await SendAsync(HttpMethod.Put, "/api/v1/budgets", budget, Etagless);
        await refused.AssertProblemAsync(ErrorCode.PreconditionFailed);
        Assert.DoesNotContain("guarded", (await api.Client.GetJsonAsync("/api/v1/budgets/changes")).ToJsonString(), StringComparison.Ordinal);
        using var done = await SendAsync(HttpMethod.Put, "/api/v1/budgets", budget, null);
        Assert.Equal(HttpStatusCode.OK, done.StatusCode);
    }

    [Fact]
    public async Task Resource_that_others_refer_to_is_not_deleted()
    {
        var order = (await api.Client.GetJsonAsync("/api/v1/orders?limit=1"))["items"]![0]!;
        foreach (var path in (string[])[$"/api/v1/customers/{order["customerId"]}", $"/api/v1/products/{order["lines"]![0]!["productId"]}"])
        {
            using var response = await SendAsync(HttpMethod.Delete, path, null, "*");
            await response.AssertProblemAsync(ErrorCode.OperationNotAllowed);
        }
    }

    [Fact]
    public async Task Order_is_shipped_only_in_the_version_that_was_looked_at()
    {
        var order = (await api.Client.GetJsonAsync("/api/v1/orders?status=paid&limit=1"))["items"]![0]!;
        var path = $"/api/v1/orders/{order["id"]}";
        using var seen = await api.Client.GetAsync(path, TestContext.Current.CancellationToken);
        using var changed = await SendAsync(HttpMethod.Patch, path, """{ "reference": "changed" }""", null);
        using var late = await SendAsync(HttpMethod.Post, $"{path}/ship", null, seen.Headers.ETag!.Tag);
        await late.AssertProblemAsync(ErrorCode.PreconditionFailed);
        using var shipped = await SendAsync(HttpMethod.Post, $"{path}/ship", null, changed.Headers.ETag!.Tag);
        Assert.Equal(HttpStatusCode.OK, shipped.StatusCode);
    }

    [Fact]
    public async Task Date_guards_a_write_too()
    {
        var product = (await api.Client.GetJsonAsync("/api/v1/products?limit=1&sort=createdAt"))["items"]![0]!;
        var path = $"/api/v1/products/{product["id"]}";
        using var request = new HttpRequestMessage(HttpMethod.Delete, path);
        request.Headers.TryAddWithoutValidation("If-Unmodified-Since", "Sat, 01 Jan 2000 00:00:00 GMT");
        using var response = await api.Client.SendAsync(request, TestContext.Current.CancellationToken);
        await response.AssertProblemAsync(ErrorCode.PreconditionFailed);
    }

    private async Task<(string Path, string Tag)> NewProductAsync(string sku)
    {
        using var created = await api.Client.PostJsonAsync("/api/v1/products", Body(sku, "New"));
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        return (created.Headers.Location!.ToString(), created.Headers.ETag!.Tag);
    }

    private static string Body(string sku, string name) =>
        $$"""{ "sku": "W-{{sku}}", "name": "{{name}}", "price": { "amount": 1.00, "currency": "EUR" } }""";

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? body, string? ifMatch)
    {
        var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body, null, "application/json") };
        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        return api.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}

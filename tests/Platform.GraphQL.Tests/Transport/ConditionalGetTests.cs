using System.Net;
using Platform.GraphQL.Tests.Hosting;

namespace Platform.GraphQL.Tests.Transport;

[Collection(SharedPlatform.Name)]
public sealed class ConditionalGetTests(PlatformHost host)
{
    [Fact]
    public async Task Client_that_has_the_answer_gets_304_until_it_changes()
    {
        var id = (await host.FirstIdsAsync("customers", 1))[0];
        var query = $"{{ customer(id: \"{id}\") {{ name }} }}";

        using var first = await GetAsync(query);
        using var second = await GetAsync(query, ("If-None-Match", first.Headers.ETag!.ToString()));
        using var any = await GetAsync(query, ("If-None-Match", $"\"other\", W/{first.Headers.ETag}"));
        await host.AskAsync(
            "mutation ($id: ID!, $name: String) { updateCustomer(input: { customerId: $id, name: $name }) { userErrors { code } } }",
            new { id, name = $"Changed {Guid.CreateVersion7():N}" });
        using var third = await GetAsync(query, ("If-None-Match", first.Headers.ETag!.ToString()));

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal("private, no-cache", string.Join(", ", first.Headers.GetValues("Cache-Control").Single().Split(", ").Order().Reverse()));
        foreach (var response in (HttpResponseMessage[])[first, second])
        {
            Assert.Equal(["Accept", "Accept-Encoding", "Authorization"], response.Headers.Vary.Order());
        }

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Null(second.Content.Headers.ContentType);
        Assert.Equal(first.Headers.ETag, second.Headers.ETag);
        Assert.Empty(await second.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.NotModified, any.StatusCode);
        Assert.Equal(HttpStatusCode.OK, third.StatusCode);
        Assert.NotEqual(first.Headers.ETag, third.Headers.ETag);
    }

    [Fact]
    public async Task Answer_with_errors_and_answer_to_a_post_have_no_tag()
    {
        using var wrong = await GetAsync("{ nothingOfTheKind }");
        var posted = await host.AskAsync("{ __typename }");

        Assert.Null(wrong.Headers.ETag);
        Assert.True(wrong.Headers.CacheControl!.NoStore);
        Assert.False(posted.Headers.Contains("ETag"));
        Assert.True(posted.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task Condition_that_fails_is_412()
    {
        using var response = await GetAsync("{ __typename }", ("If-Match", "\"other\""));

        Assert.Equal(HttpStatusCode.PreconditionFailed, response.StatusCode);
    }

    private async Task<HttpResponseMessage> GetAsync(string query, (string Name, string Value)? header = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(host.Url, $"?query={Uri.EscapeDataString(query)}"));
        request.Headers.Authorization = new("Bearer", host.Token());
        if (header is { } condition)
        {
            request.Headers.TryAddWithoutValidation(condition.Name, condition.Value);
        }

        return await host.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }
}

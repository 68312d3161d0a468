using System.Net;
using Npgsql;
using Platform.Api.Tests.Support;
using Platform.Errors;
using Platform.Testing;

namespace Platform.Api.Tests.Idempotency;

public sealed class IdempotencyTests(ApiHost api) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task Repetition_is_given_the_first_answer_whole_and_does_nothing()
    {
        var body = await api.Client.OrderBodyAsync();
        var orders = await api.CountAsync("commerce.orders");
        var events = await api.CountAsync("platform.core_outbox_event");
        using var first = await PostAsync(api.Client, "/api/v1/orders", body, "repeat");
        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        Assert.False(first.Headers.Contains("Idempotency-Replayed"));
        using var again = await PostAsync(api.Client, "/api/v1/orders", body, "\"repeat\"");
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
        Assert.Equal("true", Assert.Single(again.Headers.GetValues("Idempotency-Replayed")));
        Assert.Equal(first.Headers.Location, again.Headers.Location);
        Assert.Equal(first.Headers.ETag, again.Headers.ETag);
        Assert.Equal(first.Content.Headers.ContentType, again.Content.Headers.ContentType);
        Assert.Equal(await first.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), await again.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(orders + 1, await api.CountAsync("commerce.orders"));
        Assert.Equal(events + 1, await api.CountAsync("platform.core_outbox_event"));
    }

    [Fact]
    public async Task Many_at_once_have_one_effect_and_the_others_are_told_to_wait_or_given_the_answer()
    {
        var body = await api.Client.OrderBodyAsync();
        var orders = await api.CountAsync("commerce.orders");
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => PostAsync(api.Client, "/api/v1/orders", body, "storm")));
        Assert.Equal(orders + 1, await api.CountAsync("commerce.orders"));
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created && !answer.Headers.Contains("Idempotency-Replayed"));
        foreach (var answer in answers.Where(answer => answer.StatusCode != HttpStatusCode.Created))
        {
            await answer.AssertProblemAsync(ErrorCode.RequestInFlight);
            Assert.NotNull(answer.Headers.RetryAfter);
        }
    }

    [Fact]
    public async Task Request_in_flight_is_refused_at_once()
    {
        var body = await api.Client.OrderBodyAsync();
        var product = body.Split("\"productId\": \"")[1][..36];

        // Whoever holds the customer's row keeps the first request waiting at its foreign key.
        await using var blocker = new NpgsqlConnection(api.ConnectionString);
        await blocker.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await blocker.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var hold = new NpgsqlCommand($"SELECT 1 FROM commerce.products WHERE id = '{product}' FOR UPDATE", blocker))
        {
            await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var first = PostAsync(api.Client, "/api/v1/orders", body, "flight");
        await Eventually.BecomesTrueAsync(async () => await api.CountAsync("pg_locks WHERE NOT granted") > 0);
        using (var second = await PostAsync(api.Client, "/api/v1/orders", body, "flight"))
        {
            await second.AssertProblemAsync(ErrorCode.RequestInFlight);
        }

        await transaction.RollbackAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Created, (await first).StatusCode);
    }

    [Fact]
    public async Task Key_is_not_taken_for_another_request()
    {
        using var first = await PostAsync(api.Client, "/api/v1/orders", await api.Client.OrderBodyAsync(1), "other");
        using var body = await PostAsync(api.Client, "/api/v1/orders", await api.Client.OrderBodyAsync(2), "other");
        await body.AssertProblemAsync(ErrorCode.IdempotencyKeyReused);
        using var path = await PostAsync(api.Client, $"{first.Headers.Location}/cancel", "", "other");
        await path.AssertProblemAsync(ErrorCode.IdempotencyKeyReused);
    }

    [Fact]
    public async Task Key_belongs_to_the_client_that_the_token_names()
    {
        var body = await api.Client.OrderBodyAsync();
        using var mine = await PostAsync(api.Client, "/api/v1/orders", body, "shared");
        using var other = api.Sending(await new Forgery().MakeAsync(api, ("client_id", "another"), ("sub", "another"), ("scope", "orders.write")));
        using var theirs = await PostAsync(other, "/api/v1/orders", body, "shared");
        Assert.Equal(HttpStatusCode.Created, theirs.StatusCode);
        Assert.NotEqual(mine.Headers.Location, theirs.Headers.Location);
    }

    [Fact]
    public async Task What_was_refused_had_no_effect_and_may_be_tried_with_the_same_key()
    {
        using var refused = await PostAsync(api.Client, "/api/v1/orders", "{}", "refused");
        await refused.AssertProblemAsync(ErrorCode.ValidationError);
        using var corrected = await PostAsync(api.Client, "/api/v1/orders", await api.Client.OrderBodyAsync(), "refused");
        Assert.Equal(HttpStatusCode.Created, corrected.StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    public async Task Key_that_is_none_is_refused(string key)
    {
        using var response = await PostAsync(api.Client, "/api/v1/orders", await api.Client.OrderBodyAsync(), key);
        await response.AssertProblemAsync(ErrorCode.InvalidInput);
    }

    [Fact]
    public async Task Batch_behind_a_key_is_added_once()
    {
        const string body = """{ "items": [{ "sku": "I-1", "name": "One", "price": { "amount": 1, "currency": "EUR" } }, null] }""";
        using var first = await PostAsync(api.Client, "/api/v1/products/batch", body, "batch");
        using var again = await PostAsync(api.Client, "/api/v1/products/batch", body, "batch");
        Assert.Equal(await first.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), await again.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(1, await api.CountAsync("commerce.products WHERE sku = 'I-1'"));
    }

    [Theory]
    [InlineData(Gate.Commit, 0)]
    [InlineData(Gate.Confirmation, 1)]
    public async Task Process_that_is_killed_around_the_commit_leaves_effect_and_answer_or_neither(Gate gate, int left)
    {
        var (body, key) = (await api.Client.OrderBodyAsync(), $"killed-at-{gate}");
        var (orders, events) = (await api.CountAsync("commerce.orders"), await api.CountAsync("platform.core_outbox_event"));
        var database = new NpgsqlConnectionStringBuilder(api.ConnectionString);
        await using (var between = new CommitGate(database.Port, "INSERT INTO commerce.orders", gate))
        {
            database.Port = between.Port;
            await using var process = await ApiProcess.StartAsync(database.ConnectionString);
            process.Client.DefaultRequestHeaders.Authorization = api.Client.DefaultRequestHeaders.Authorization;
            var unanswered = PostAsync(process.Client, "/api/v1/orders", body, key);
            await between.Reached.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

            // What the process was about to do is done, or it is not; and it does not know.
            Assert.Equal(orders + left, await api.CountAsync("commerce.orders"));
            Assert.False(unanswered.IsCompleted);
            await process.KillAsync();
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => unanswered);
        }

        // Another replica is asked. It may have to wait until the server has noticed that the process is dead.
        HttpResponseMessage again = null!;
        await Eventually.BecomesTrueAsync(async () => (again = await PostAsync(api.Client, "/api/v1/orders", body, key)).StatusCode != HttpStatusCode.Conflict);
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
        Assert.Equal(left == 1, again.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal((orders + 1, events + 1), (await api.CountAsync("commerce.orders"), await api.CountAsync("platform.core_outbox_event")));
        var shown = await api.Client.GetAsync(again.Headers.Location, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, shown.StatusCode);
        Assert.Equal((await again.JsonAsync()).ToJsonString(), (await shown.JsonAsync()).ToJsonString());
        Assert.Equal(again.Headers.ETag, shown.Headers.ETag);
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string path, string body, string key)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, null, "application/json") };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        return client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}

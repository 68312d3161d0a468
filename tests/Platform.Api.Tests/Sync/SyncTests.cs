using System.Net;
using System.Text.Json.Nodes;
using Npgsql;
using Platform.Api.Tests.Support;
using Platform.Errors;
using Platform.Testing;

namespace Platform.Api.Tests.Sync;

public sealed class SyncTests(ApiHost api) : IClassFixture<ApiHost>
{
    // Other tests keep transactions open on the same server, and those hold up what is settled.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Client_that_loses_its_connection_again_and_again_ends_equal_to_the_server()
    {
        var client = new ReferenceClient(api.Client, new Random(4711));
        var writing = Task.WhenAll(Enumerable.Range(0, 4).Select(writer => api.Client.WriteAsync($"w{writer}", rounds: 12)));
        while (!writing.IsCompleted)
        {
            await client.StepAsync();
        }

        await writing;
        var server = await api.Client.EverythingAsync();

        // What was committed is given as soon as no older transaction is open any more, in whatever database of the server.
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                await client.CatchUpAsync();
                return server.Keys.SequenceEqual(client.Versions().Keys);
            },
            Patience);
        var differing = server.Except(client.Versions()).Select(pair => $"{pair.Value} became {client.Versions()[pair.Key]}");
        Assert.True(!differing.Any(), string.Join('\n', differing.Take(3)));
        Assert.InRange(client.Losses, 1, int.MaxValue);
    }

    [Fact]
    public async Task Change_of_a_transaction_that_commits_late_is_not_skipped()
    {
        var client = new ReferenceClient(api.Client, null);
        await client.CatchUpAsync();
        var product = await api.Client.AnyIdAsync("/api/v1/products");
        await using var late = new NpgsqlConnection(api.ConnectionString);
        await late.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await late.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var update = new NpgsqlCommand($"UPDATE commerce.products SET name = 'Late' WHERE id = '{product}'", late))
        {
            await update.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        using var other = await api.Client.PostJsonAsync("/api/v1/customers", """{ "name": "Early", "email": "early@example.com" }""");
        await client.CatchUpAsync();
        Assert.Null(client.Find(other.Headers.Location!.ToString()[^36..]));
        await transaction.CommitAsync(TestContext.Current.CancellationToken);
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                await client.CatchUpAsync();
                return client.Find(product)!["product"]!["name"]!.GetValue<string>() == "Late" && client.Find(other.Headers.Location!.ToString()[^36..]) is not null;
            },
            Patience);
    }

    [Fact]
    public async Task Answer_is_held_back_until_something_changes()
    {
        var client = new ReferenceClient(api.Client, null);
        await client.CatchUpAsync();
        var waiting = api.Client.GetJsonAsync($"/api/v1/sync?wait=15&cursor={client.Cursor}");
        using var created = await api.Client.PostJsonAsync("/api/v1/customers", """{ "name": "Awaited", "email": "awaited@example.com" }""");
        var id = (await created.JsonAsync())["id"]!.GetValue<string>();
        Assert.Contains((await waiting)["changes"]!.AsArray(), change => change!["id"]!.GetValue<string>() == id);
    }

    [Fact]
    public async Task Offline_changes_are_applied_once_conflict_or_are_rejected_each_by_itself()
    {
        using var created = await api.Client.PostJsonAsync("/api/v1/products", """{ "sku": "S-1", "name": "One", "price": { "amount": 1, "currency": "EUR" } }""");
        var id = (await created.JsonAsync())["id"]!.GetValue<string>();
        var tag = created.Headers.ETag!.Tag.Replace("\"", "\\\"", StringComparison.Ordinal);
        var upload = $$"""
            { "changes": [
                { "changeId": "c-1", "kind": "product", "operation": "patch", "id": "{{id}}", "baseVersion": "{{tag}}", "value": { "name": "Two" } },
                { "changeId": "c-2", "kind": "product", "operation": "patch", "id": "{{id}}", "baseVersion": "{{tag}}", "value": { "name": "Three" } },
                { "changeId": "c-3", "kind": "product", "operation": "create", "value": { "sku": "S-2", "name": "New", "price": { "amount": 1, "currency": "EUR" } } },
                { "changeId": "c-4", "kind": "product", "operation": "create", "value": { "sku": "S-2", "name": "Twice", "price": { "amount": 1, "currency": "EUR" } } },
                { "changeId": "c-5", "kind": "order", "operation": "delete", "id": "{{id}}" },
                { "changeId": "c-6", "kind": "customer", "operation": "delete", "id": "01900000-0000-7000-8000-000000000001", "baseVersion": "\"x\"" },
                { "changeId": "c-7", "kind": "product", "operation": "create", "value": { "sku": 7, "name": "Wrong", "price": { "amount": "x" } } }
            ] }
            """;
        using var first = await api.Client.PostJsonAsync("/api/v1/sync", upload);
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        var results = (await first.JsonAsync())["results"]!.AsArray();
        Assert.Equal(["applied", "conflict", "applied", "rejected", "rejected", "conflict", "rejected"], results.Select(result => result!["status"]!.GetValue<string>()));
        Assert.Equal("Two", results[1]!["current"]!["product"]!["name"]!.GetValue<string>());
        Assert.Equal("Three", results[1]!["yours"]!["name"]!.GetValue<string>());
        Assert.Equal("RESOURCE_ALREADY_EXISTS", results[3]!["error"]!["code"]!.GetValue<string>());
        Assert.True(results[5]!["current"]!["deleted"]!.GetValue<bool>());
        Assert.Equal(["/sku", "/price/amount"], results[6]!["error"]!["errors"]!.AsArray().Select(error => error!["pointer"]!.GetValue<string>()));

        // The answer was lost: what was applied is told again, and not done again.
        using var again = await api.Client.PostJsonAsync("/api/v1/sync", upload);
        var repeated = (await again.JsonAsync())["results"]!.AsArray();
        Assert.Equal(results[0]!.ToJsonString(), repeated[0]!.ToJsonString());
        Assert.Equal(results[2]!.ToJsonString(), repeated[2]!.ToJsonString());
        Assert.Equal(1, await api.CountAsync("commerce.products WHERE sku = 'S-2'"));
    }

    [Fact]
    public async Task Offline_change_belongs_to_the_user_who_made_it()
    {
        const string change = """{ "changes": [{ "changeId": "mine", "kind": "customer", "operation": "create", "value": { "name": "Same", "email": "NAME@example.com" } }] }""";
        var made = new List<string>();
        foreach (var user in (string[])["ann", "ben"])
        {
            using var client = api.Sending(await new Forgery().MakeAsync(api, ("client_id", "phone"), ("sub", user), ("is_superuser", "true"), ("scope", "catalog.write orders.write customers.read_personal")));
            using var response = await client.PostJsonAsync("/api/v1/sync", change.Replace("NAME", user, StringComparison.Ordinal));
            Assert.True(response.StatusCode == HttpStatusCode.OK, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            var result = (await response.JsonAsync())["results"]![0]!;
            Assert.True(result["status"]!.GetValue<string>() == "applied", result.ToJsonString());
            made.Add(result["current"]!["customer"]!["email"]!.GetValue<string>());
        }

        Assert.Equal(["ann@example.com", "ben@example.com"], made);
    }

    [Fact]
    public async Task Cursor_that_is_too_old_is_told_where_to_begin_anew()
    {
        await using var forgetful = new ApiServer(api.ConnectionString, settings: ("Platform:Conditional:ChangeRetention", "01:00:00"));
        using var client = forgetful.CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", await client.TokenAsync());
        var seal = (Platform.Api.Http.CursorSeal)forgetful.Services.GetService(typeof(Platform.Api.Http.CursorSeal))!;
        var old = new Platform.Api.Sync.SyncCursor(TimeProvider.System.GetUtcNow().AddHours(-1), default, Platform.Api.Sync.SyncCursor.Following, default).ToText(seal);
        using var response = await client.GetAsync($"/api/v1/sync?cursor={old}", TestContext.Current.CancellationToken);
        await response.AssertProblemAsync(ErrorCode.ResourceGone);
        Assert.Equal("</api/v1/sync>; rel=\"start\"", Assert.Single(response.Headers.GetValues("Link")));
    }

    [Theory]
    [InlineData("cursor=abc", "/cursor invalid")]
    [InlineData("limit=0&wait=60&cursor=abc", "/limit out_of_range", "/wait out_of_range", "/cursor invalid")]
    public async Task Question_that_does_not_fit_is_refused(string query, params string[] fields)
    {
        using var response = await api.Client.GetAsync($"/api/v1/sync?{query}", TestContext.Current.CancellationToken);
        Assert.Equal(fields, (await response.AssertProblemAsync(ErrorCode.ValidationError)).Fields());
    }

    /// <summary>What a client has to do: keep the cursor beside the data, and go on from it. A random source makes it lose answers.</summary>
    private sealed class ReferenceClient(HttpClient http, Random? losing)
    {
        private readonly Dictionary<string, JsonNode> _data = [];
        private bool _more = true;

        public string? Cursor { get; private set; }

        public int Losses { get; private set; }

        public async Task CatchUpAsync()
        {
            do
            {
                await StepAsync();
            }
            while (_more);

            // One more round: the last answer may have been lost.
            await StepAsync();
            while (_more)
            {
                await StepAsync();
            }
        }

        public async Task StepAsync()
        {
            var answer = await http.GetJsonAsync($"/api/v1/sync?limit=40{(Cursor is null ? "" : $"&cursor={Cursor}")}");
            if (losing?.Next(3) == 0)
            {
                Losses++;
                _more = true;
                return;
            }

            foreach (var change in answer["changes"]!.AsArray())
            {
                var id = change!["id"]!.GetValue<string>();
                if (change["deleted"]!.GetValue<bool>())
                {
                    _data.Remove(id);
                }
                else
                {
                    _data[id] = change.DeepClone();
                }
            }

            (Cursor, _more) = (answer["cursor"]!.GetValue<string>(), answer["more"]!.GetValue<bool>());
        }

        public JsonNode? Find(string id) => _data.GetValueOrDefault(id);

        public SortedDictionary<string, string> Versions() => new(
            _data.ToDictionary(pair => pair.Key, pair => (pair.Value["customer"] ?? pair.Value["product"] ?? pair.Value["order"])!.ToJsonString()), StringComparer.Ordinal);
    }
}

using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Platform.Api.Tests.Support;
using Platform.Audit;
using Platform.EntityFrameworkCore.Audit;
using Platform.Errors;
using Platform.Identity;

namespace Platform.Api.Tests.Personal;

/// <summary>Names and addresses of customers are for callers who may see them; a person can have the data, and be erased.</summary>
public sealed class PersonalDataTests(ApiHost api) : IClassFixture<ApiHost>
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_the_permission_customers_are_masked_wherever_they_are_shown()
    {
        var (path, id) = await RegisterAsync("Mona Mask", "mona.mask@example.com");
        using var clerk = await api.WithTokenAsync(ApiScopes.CatalogRead, ApiScopes.OrdersRead);

        var shown = await clerk.GetJsonAsync(path);
        Assert.Equal(("M*** M***", "m***@e***.com"), (shown["name"]!.GetValue<string>(), shown["email"]!.GetValue<string>()));
        var list = await clerk.GetStringAsync("/api/v1/customers?limit=50", Stop);
        var sync = await clerk.GetStringAsync("/api/v1/sync/?limit=500", Stop);
        Assert.Contains(id, list, StringComparison.Ordinal);
        Assert.Contains(id, sync, StringComparison.Ordinal);
        Assert.DoesNotContain("mona.mask", list + sync, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Mona", list + sync, StringComparison.Ordinal);
        Assert.Equal("mona.mask@example.com", (await api.Client.GetJsonAsync(path))["email"]!.GetValue<string>());
    }

    [Fact]
    public async Task What_is_masked_has_an_entity_tag_of_its_own_that_a_write_may_name()
    {
        var (path, _) = await RegisterAsync("Tag One", "tag.one@example.com");
        using var clerk = await api.WithTokenAsync(ApiScopes.CatalogRead, ApiScopes.CatalogWrite);
        using var masked = await clerk.GetAsync(path, Stop);
        using var whole = await api.Client.GetAsync(path, Stop);
        Assert.NotEqual(whole.Headers.ETag, masked.Headers.ETag);

        using var asked = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { IfNoneMatch = { masked.Headers.ETag! } } };
        using var unchanged = await clerk.SendAsync(asked, Stop);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        using var other = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { IfNoneMatch = { masked.Headers.ETag! } } };
        using var again = await api.Client.SendAsync(other, Stop);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);

        using var patch = new HttpRequestMessage(HttpMethod.Patch, path)
        {
            Content = new StringContent("""{"name":"Tag Two"}""", new MediaTypeHeaderValue("application/merge-patch+json")),
            Headers = { IfMatch = { masked.Headers.ETag! } },
        };
        using var patched = await clerk.SendAsync(patch, Stop);
        Assert.Equal(HttpStatusCode.OK, patched.StatusCode);
        Assert.Equal("T*** T***", (await patched.JsonAsync())["name"]!.GetValue<string>());
        Assert.Equal("tag.one@example.com", (await api.Client.GetJsonAsync(path))["email"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_mask_that_is_sent_back_is_refused_and_the_value_stays()
    {
        var (path, _) = await RegisterAsync("Round Trip", "round.trip@example.com");
        using var clerk = await api.WithTokenAsync(ApiScopes.CatalogRead, ApiScopes.CatalogWrite);
        var shown = await clerk.GetJsonAsync(path);

        using var sent = await clerk.PutJsonAsync(path, new JsonObject { ["name"] = shown["name"]!.DeepClone(), ["email"] = shown["email"]!.DeepClone() }.ToJsonString());

        var problem = await sent.AssertProblemAsync(ErrorCode.ValidationError);
        Assert.Equal(["/name redacted", "/email redacted"], problem.Fields());
        Assert.Equal("round.trip@example.com", (await api.Client.GetJsonAsync(path))["email"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("email=kim@example.com")]
    [InlineData("sort=name&limit=1")]
    [InlineData("sort=-name")]
    public async Task Addresses_and_names_cannot_be_guessed_without_the_permission(string query)
    {
        using var clerk = await api.WithTokenAsync(ApiScopes.CatalogRead);
        using var response = await clerk.GetAsync($"/api/v1/customers?{query}", Stop);
        await response.AssertProblemAsync(ErrorCode.Forbidden);
        using var allowed = await api.Client.GetAsync($"/api/v1/customers?{query}", Stop);
        Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
    }

    [Fact]
    public async Task A_cursor_leads_on_by_name_and_shows_no_name()
    {
        await RegisterAsync("Aaaaron Aaardvark", "aaron@example.com");
        var first = await api.Client.GetJsonAsync("/api/v1/customers?sort=name&limit=1");
        Assert.Equal("Aaaaron Aaardvark", first["items"]![0]!["name"]!.GetValue<string>());
        var cursor = first["next"]!.GetValue<string>();
        var second = await api.Client.GetJsonAsync($"/api/v1/customers?sort=name&limit=1&cursor={cursor}");
        Assert.NotEqual(first["items"]![0]!["id"]!.GetValue<string>(), second["items"]![0]!["id"]!.GetValue<string>());

        for (var from = 0; from < cursor.Length; from++)
        {
            Assert.DoesNotContain("aron", Encoding.Latin1.GetString(Base64Url.DecodeFromChars(cursor.AsSpan(from, (cursor.Length - from) / 4 * 4))), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_person_gets_everything_and_is_erased_from_everything_and_orders_stay()
    {
        var (path, id) = await RegisterAsync("Zebulon Quackenbush", "zebulon@personal-canary.org", key: "zebulon-1");
        using var placed = await api.Client.PostJsonAsync("/api/v1/orders", $$"""
            {"customerId":"{{id}}","reference":"for Zebulon Quackenbush","lines":[{"productId":"{{await api.Client.AnyIdAsync("/api/v1/products")}}","quantity":1}]}
            """);
        var order = (await placed.JsonAsync())["id"]!.GetValue<string>();
        await CopyAsync(id);
        using var flag = await api.Client.PostJsonAsync(
            "/api/v1/flags?reason=for%20Zebulon%20Quackenbush", """{"name":"greeting","users":["zebulon@personal-canary.org","42"],"note":"Quackenbush, Zebulon asked"}""");
        Assert.Equal(HttpStatusCode.Created, flag.StatusCode);
        Assert.NotEqual(0, await MentionsAsync("platform.core_feature_flag_audit", "Quackenbush"));

        using var clerk = await api.WithTokenAsync(ApiScopes.CatalogRead, ApiScopes.Operate);
        using var refused = await clerk.GetAsync($"/api/v1/subjects/{id}", Stop);
        await refused.AssertProblemAsync(ErrorCode.Forbidden);

        string export;
        await using (await HoldAsync("commerce.customers", "platform.core_outbox_event", "platform.core_dead_letter", "platform.core_idempotency_key"))
        {
            export = await api.Client.GetStringAsync($"/api/v1/subjects/{id}", Stop);
        }

        var data = JsonNode.Parse(export)!["data"]!;
        Assert.Equal("zebulon@personal-canary.org", data["customer"]!["email"]!.GetValue<string>());
        Assert.Equal(order, data["customer"]!["orders"]![0]!["id"]!.GetValue<string>());
        Assert.NotEmpty(data["events"]!.AsArray());
        Assert.NotEmpty(data["dead_letters"]!.AsArray());
        Assert.NotEmpty(data["answers"]!.AsArray());
        Assert.Equal("greeting", data["flags"]![0]!["name"]!.GetValue<string>());
        foreach (var place in Copies.Keys.Append("flag_history"))
        {
            Assert.NotEmpty(data[place]!.AsArray());
        }

        using var erased = await api.Client.PostJsonAsync($"/api/v1/subjects/{id}/erase", """{"reason":"asked by zebulon@personal-canary.org, Zebulon Quackenbush"}""");
        Assert.Equal(HttpStatusCode.OK, erased.StatusCode);
        var changed = (await erased.JsonAsync())["changed"]!;
        Assert.Equal((2, 1, 1), (changed["customer"]!.GetValue<int>(), changed["dead_letters"]!.GetValue<int>(), changed["answers"]!.GetValue<int>()));

        foreach (var table in await TablesAsync())
        {
            Assert.Equal((table, 0), (table, await MentionsAsync(table, "Quackenbush")));
            Assert.Equal((table, 0), (table, await MentionsAsync(table, "zebulon@")));
        }

        Assert.Equal("""["42"]""", (await api.Client.GetJsonAsync("/api/v1/flags/greeting"))["users"]!.ToJsonString());
        Assert.All(Copies.Keys, place => Assert.Equal(1, changed[place]!.GetValue<int>()));
        Assert.Empty((await api.Services.GetRequiredService<AuditVerification>().RunAsync([], Stop)).Findings);
        var kept = await api.Client.GetJsonAsync($"/api/v1/orders/{order}");
        Assert.Equal(id, kept["customerId"]!.GetValue<string>());
        Assert.Equal("Erased customer", (await api.Client.GetJsonAsync(path))["name"]!.GetValue<string>());

        using var again = await api.Client.PostJsonAsync($"/api/v1/subjects/{id}/erase", """{"reason":"asked twice"}""");
        Assert.All((await again.JsonAsync())["changed"]!.AsObject(), place => Assert.Equal(0, place.Value!.GetValue<int>()));
        var audit = await api.Client.GetJsonAsync($"/api/v1/audit?target=customer:{id}");
        Assert.Equal(["subjects.erase", "subjects.erase", "subjects.export"], audit["items"]!.AsArray().Select(entry => entry!["action"]!.GetValue<string>()));
    }

    /// <summary>Locks every row, as writers would; what only reads must not wait for them.</summary>
    private async Task<NpgsqlConnection> HoldAsync(params string[] tables)
    {
        var connection = new NpgsqlConnection(api.ConnectionString);
        await connection.OpenAsync(Stop);
        await using var command = new NpgsqlCommand("BEGIN; " + string.Concat(tables.Select(table => $"SELECT 1 FROM {table} FOR UPDATE; ")), connection);
        await command.ExecuteNonQueryAsync(Stop);
        return connection;
    }

    [Fact]
    public async Task A_repeated_request_is_answered_without_the_erased_person()
    {
        var (_, id) = await RegisterAsync("Repeat Me", "repeat.me@example.com", key: "repeat-1");
        using var erased = await api.Client.PostJsonAsync($"/api/v1/subjects/{id}/erase", """{"reason":"asked"}""");
        Assert.Equal(HttpStatusCode.OK, erased.StatusCode);

        using var again = await SendAsync("Repeat Me", "repeat.me@example.com", "repeat-1");
        var body = await again.Content.ReadAsStringAsync(Stop);
        Assert.Contains(id, body, StringComparison.Ordinal);
        Assert.DoesNotContain("repeat.me", body, StringComparison.OrdinalIgnoreCase);
    }

    private async Task<(string Path, string Id)> RegisterAsync(string name, string email, string? key = null)
    {
        using var created = await SendAsync(name, email, key);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        return (created.Headers.Location!.ToString(), (await created.JsonAsync())["id"]!.GetValue<string>());
    }

    private Task<HttpResponseMessage> SendAsync(string name, string email, string? key)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/customers")
        {
            Content = new StringContent(new JsonObject { ["name"] = name, ["email"] = email }.ToJsonString(), new MediaTypeHeaderValue("application/json")),
        };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return api.Client.SendAsync(request, Stop);
    }

    // Where a business that puts names into its events, and operators who write them into their reasons, would leave them behind.
    private static readonly Dictionary<string, string> Copies = new()
    {
        ["dead_letters"] = """
            INSERT INTO platform.core_dead_letter (subscription, event_id, position, lane, event_type, aggregate_type, aggregate_id, payload, occurred_at, reason, attempts, error_type, error, stack, parked_at)
            VALUES ('mailing', gen_random_uuid(), 1, 3, 'customers.registered.v1', 'customer', 'c-1',
                '{"customer": {"id": "<id>", "name": "Zebulon Q. earlier", "mail": "before@personal-canary.org"}, "other": "somebody@example.com", "greeting": "Dear Zebulon Quackenbush"}',
                now(), 'failed', 8, 'System.Exception', 'no mailbox of Zebulon Quackenbush', 'at X', now())
            """,
        ["dead_letter_actions"] = """
            INSERT INTO platform.core_dead_letter_action (subscription, event_id, id, action, actor, reason, before_hash, at)
            VALUES ('mailing', gen_random_uuid(), gen_random_uuid(), 'edited', 'ada', 'for Zebulon Quackenbush', '', now())
            """,
        ["jobs"] = "INSERT INTO platform.core_lease (name, token, expires_at, due_at, last_error) VALUES ('mails', 1, '-infinity', '2999-01-01', 'Zebulon Quackenbush')",
        ["flag_notes"] = "INSERT INTO platform.core_feature_flag_metadata (name, description) VALUES ('noted', 'Zebulon Quackenbush wants it')",
        ["budget_changes"] = "INSERT INTO platform.core_budget_change (id, actor, at, reason, route) VALUES (gen_random_uuid(), 'ada', now(), 'Zebulon Quackenbush complained', 'GET /')",
        ["breaker_commands"] = "INSERT INTO platform.core_breaker_command (id, actor, at, breaker, reason, verb) VALUES (gen_random_uuid(), 'ada', now(), 'payments', 'Zebulon Quackenbush', 'open')",
        ["log_levels"] = "INSERT INTO platform.core_log_level (category, actor, at, level, reason, until) VALUES ('Mails', 'ada', now(), 1, 'mails of Zebulon Quackenbush', now())",
        ["secret_rotations"] = """
            INSERT INTO platform.core_secret (name, created_at, generation, lease_expires_at, lease_token, orphans) VALUES ('redaction-hash', now(), 1, now(), 1, 0);
            INSERT INTO platform.core_secret_rotation (id, actor, attempts, name, reason, started_at, finished_at, state, step, step_at, trigger, version)
            VALUES (gen_random_uuid(), 'ada', 1, 'redaction-hash', 'seen by Zebulon Quackenbush', now(), now(), 4, 4, now(), 1, gen_random_uuid())
            """,
        ["token_revocations"] = "INSERT INTO platform.core_token_revocation (family, expires_at, reason, revoked_at) VALUES ('f-1', now(), 'Zebulon Quackenbush', now())",
    };

    private async Task CopyAsync(string id)
    {
        await using var connection = new NpgsqlConnection(api.ConnectionString);
        await connection.OpenAsync(Stop);
        foreach (var insert in Copies.Values)
        {
            await using var command = new NpgsqlCommand(insert.Replace("<id>", id, StringComparison.Ordinal), connection);
            await command.ExecuteNonQueryAsync(Stop);
        }

        // An entry as the platform writes it, whose reason names a person that only the request knows.
        await using var scope = api.Scope();
        await scope.ServiceProvider.GetRequiredService<IAuditTrail>().RecordAloneAsync(
            new AuditEvent("test.support", "ticket:7", AuditOutcome.Succeeded, "Zebulon Quackenbush asked") { Details = new Dictionary<string, string> { ["before"] = "for Zebulon Quackenbush" } }, Stop);
    }

    private async Task<List<string>> TablesAsync()
    {
        await using var connection = new NpgsqlConnection(api.ConnectionString);
        await connection.OpenAsync(Stop);
        await using var command = new NpgsqlCommand(
            "SELECT format('%I.%I', table_schema, table_name) FROM information_schema.tables WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')", connection);
        await using var reader = await command.ExecuteReaderAsync(Stop);
        List<string> tables = [];
        while (await reader.ReadAsync(Stop))
        {
            tables.Add(reader.GetString(0));
        }

        return tables;
    }

    // Bytes are shown in hexadecimal digits.
    private async Task<int> MentionsAsync(string table, string text)
    {
        await using var connection = new NpgsqlConnection(api.ConnectionString);
        await connection.OpenAsync(Stop);
        await using var command = new NpgsqlCommand(
            $"SELECT count(*)::int FROM {table} t WHERE t::text ILIKE '%' || $1 || '%' OR t::text LIKE '%' || encode(convert_to($1, 'UTF8'), 'hex') || '%'", connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = text });
        return (int)(await command.ExecuteScalarAsync(Stop))!;
    }
}

using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;
using Platform.Client;
using Platform.Identifiers;
using Platform.Testing;

namespace Platform.EndToEnd.Tests.Canary;

/// <summary>
/// Drives every endpoint of the API, every field of GraphQL and every type of event with marked personal data, then looks for the marks in everything that
/// leaves the processes: standard output, spans, log records and metrics sent to a collector, /metrics, the audit trail, errors.
/// </summary>
[Collection("one platform, and one test kills its worker")]
public sealed class CanaryTests(RunningPlatform platform)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    // Signing out and the like would end the session of the test itself; probes and documents take no input.
    private static readonly string[] Left = ["/healthz", "/readyz", "/startup", "/metrics", "/openapi", "/scalar"];

    private readonly List<string> _errors = [];

    [Fact]
    public async Task Nothing_that_leaves_the_processes_holds_personal_data()
    {
        using var api = await platform.ClientAsync();
        api.DefaultRequestHeaders.TryAddWithoutValidation("X-Correlation-Id", Marked.Mail);
        api.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", $"canary ({Marked.Mail})");

        var customer = await RegisterAsync(api);
        var operations = await DriveRestAsync(api, customer);
        var fields = await DriveGraphQLAsync(api, customer);
        var events = await DriveEventsAsync();
        Assert.True(operations >= 40 && fields >= 8 && events >= 5, $"{operations} operations, {fields} fields, {events} events");

        using var last = await platform.ClientAsync();
        var mark = Uuid7.Next(TimeProvider.System);
        await Assert.ThrowsAsync<PlatformException>(() => new PlatformClient(last).Customers.GetCustomerAsync(mark, cancellationToken: Stop));

        // The span of the last request came: those before it did too.
        await Eventually.BecomesTrueAsync(() => Task.FromResult(platform.Collector.Received("/v1/traces").Contains(mark.ToString(), StringComparison.Ordinal)), Limit);
        await Eventually.BecomesTrueAsync(() => Task.FromResult(platform.Collector.Received("/v1/metrics").Length > 0), Limit);

        List<string> found = [];
        found.AddRange(Marked.In("standard output", platform.Output));
        foreach (var path in new[] { "/v1/traces", "/v1/logs", "/v1/metrics" })
        {
            found.AddRange(Marked.In(path, platform.Collector.Received(path)));
        }

        foreach (var (name, address) in platform.Hosts)
        {
            using var client = new HttpClient { BaseAddress = address };
            found.AddRange(Marked.In($"metrics of {name}", await client.GetStringAsync(new Uri("metrics", UriKind.Relative), Stop)));
        }

        found.AddRange(Marked.In("audit trail", await AllAsync("SELECT string_agg(t::text, E'\\n') FROM platform.core_security_audit t WHERE $1 = ''")));
        found.AddRange(Marked.In("audit of flags", await AllAsync("SELECT string_agg(concat_ws(' ', reason), E'\\n') FROM platform.core_feature_flag_audit WHERE $1 = ''")));
        found.AddRange(Marked.In("errors of events", await AllAsync(
            "SELECT (SELECT string_agg(concat_ws(' ', error, stack), E'\\n') FROM platform.core_dead_letter) || (SELECT coalesce(string_agg(last_error, ' '), '') FROM platform.core_inbox_deferred) WHERE $1 = ''")));
        found.AddRange(_errors.SelectMany(error => Marked.In("error", error)));
        Assert.True(_errors.Count >= 20, $"{_errors.Count} errors");
        Assert.True(found.Count == 0, string.Join("\n\n", found));
    }

    private static async Task<string> RegisterAsync(HttpClient api)
    {
        var created = await new PlatformClient(api).Customers.CreateCustomerAsync(new() { Name = Marked.Name, Email = Marked.Mail }, cancellationToken: Stop);
        return created.Required.Id.ToString();
    }

    // Every operation of the document, with marks in paths, queries and bodies; once as it should be asked and once out of form.
    private async Task<int> DriveRestAsync(HttpClient api, string customer)
    {
        using var document = await api.JsonAsync("openapi/v1.json");
        var root = JsonNode.Parse(document.RootElement.GetRawText())!;
        var count = 0;
        foreach (var (path, methods) in root["paths"]!.AsObject().Where(path => !Left.Any(left => path.Key.StartsWith(left, StringComparison.Ordinal))))
        {
            foreach (var (method, operation) in methods!.AsObject().Where(member => member.Key is "get" or "post" or "put" or "patch" or "delete"))
            {
                count++;
                var schema = Resolve(root, operation!["requestBody"]?["content"]?.AsObject().FirstOrDefault().Value?["schema"]);
                var body = schema?["properties"] is JsonObject properties
                    ? new JsonObject(properties.Select(property => KeyValuePair.Create(property.Key, (JsonNode?)Marked.Value(property.Key, Resolve(root, property.Value)))))
                    : null;
                var parameters = operation["parameters"]?.AsArray().Select(parameter => Resolve(root, parameter)!).ToList() ?? [];
                await SendAsync(api, method, Address(path, parameters, customer), body?.ToJsonString());
                await SendAsync(api, method, Address(path, parameters, customer), operation["requestBody"] is null ? null : $"{{\"{Marked.Mail}\": {Marked.Text}");
            }
        }

        return count;
    }

    private static string Address(string path, List<JsonNode> parameters, string customer)
    {
        foreach (var parameter in parameters.Where(parameter => parameter["in"]!.GetValue<string>() == "path"))
        {
            var value = parameter["schema"]?["format"]?.GetValue<string>() == "uuid" ? customer : Marked.Mail;
            path = path.Replace($"{{{parameter["name"]!.GetValue<string>()}}}", Uri.EscapeDataString(value), StringComparison.Ordinal);
        }

        // Waiting answers would only take time.
        var query = parameters.Where(parameter => parameter["in"]!.GetValue<string>() == "query" && parameter["name"]!.GetValue<string>() != "wait")
            .Select(parameter => $"{parameter["name"]}={Uri.EscapeDataString(parameter["name"]!.GetValue<string>() == "email" ? Marked.Mail : Marked.Text)}");
        return $"{path}?{string.Join('&', query.Append($"unknown={Uri.EscapeDataString(Marked.Text)}"))}";
    }

    private async Task SendAsync(HttpClient api, string method, string address, string? body)
    {
        // Streams of events do not end.
        if (address.Contains("stream", StringComparison.OrdinalIgnoreCase) || address.Contains("/erase", StringComparison.Ordinal))
        {
            return;
        }

        using var request = new HttpRequestMessage(new HttpMethod(method.ToUpperInvariant()), new Uri(address.TrimStart('/'), UriKind.Relative));
        request.Headers.TryAddWithoutValidation("Idempotency-Key", Marked.Mail + Uuid7.Next(TimeProvider.System).ToString("N", CultureInfo.InvariantCulture));
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, method == "patch" ? "application/merge-patch+json" : "application/json");
        }

        using var response = await api.SendAsync(request, Stop);
        if ((int)response.StatusCode >= 400)
        {
            _errors.Add($"{method} {address.Split('?')[0].Replace("%40", " at ", StringComparison.Ordinal).Replace(Marked.Mail, "", StringComparison.Ordinal)}: {await response.Content.ReadAsStringAsync(Stop)}"
                .Replace("zebulon.marked at personal-canary.org", "", StringComparison.Ordinal));
        }
    }

    private static JsonNode? Resolve(JsonNode root, JsonNode? schema)
    {
        if (schema?["$ref"]?.GetValue<string>() is { } reference)
        {
            return reference.TrimStart('#', '/').Split('/').Aggregate(root, (node, step) => node[step]!);
        }

        return schema?["oneOf"] is JsonArray either ? Resolve(root, either.Last(of => of?["type"]?.ToString() != "null")) : schema;
    }

    // Each root field with the marks as its arguments, as a literal and as a variable, and documents that are wrong.
    private async Task<int> DriveGraphQLAsync(HttpClient api, string customer)
    {
        const string Introspection = "{ __schema { queryType { fields { name args { name type { kind name ofType { name } } } } } mutationType { fields { name args { name type { kind name ofType { name } } } } } } }";
        using var schema = JsonDocument.Parse(await AskAsync(api, Introspection, null));
        var count = 0;
        foreach (var (kind, type) in new[] { ("query", "queryType"), ("mutation", "mutationType") })
        {
            foreach (var field in schema.RootElement.GetProperty("data").GetProperty("__schema").GetProperty(type).GetProperty("fields").EnumerateArray())
            {
                count++;
                var name = field.GetProperty("name").GetString();
                foreach (var argument in field.GetProperty("args").EnumerateArray().Select(argument => argument.GetProperty("name").GetString()))
                {
                    await AskAsync(api, $"{kind} {{ {name}({argument}: {JsonSerializer.Serialize(Marked.Text)}) {{ __typename }} }}", null);
                    await AskAsync(api, $"{kind} ($v: String!) {{ {name}({argument}: $v) {{ __typename }} }}", new JsonObject { ["v"] = Marked.Text });
                }
            }
        }

        await AskAsync(api, "query($id: ID!) { customer(id: $id) { id } }", new JsonObject { ["id"] = Marked.Mail });
        await AskAsync(api, $"query($id: ID!) {{ customer(id: $id) {{ id name email }} }}", new JsonObject { ["id"] = customer });
        await AskAsync(api, $"{{ customers {{ nothing }} }} # {Marked.Text}", null);
        await AskAsync(api, $"{{ \"{Marked.Text}\" }}", null);
        await AskAsync(api, "mutation($i: PlaceOrderInput!) { placeOrder(input: $i) { order { id } userErrors { code message } } }", new JsonObject
        {
            ["i"] = new JsonObject { ["customerId"] = customer, ["reference"] = Marked.Text, ["lines"] = new JsonArray(new JsonObject { ["productId"] = Marked.Mail, ["quantity"] = 1 }), [Marked.Mail] = 1 },
        });
        return count;
    }

    private async Task<string> AskAsync(HttpClient api, string query, JsonObject? variables)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(platform.GraphQL, "api/graphql/"))
        {
            Content = new StringContent(new JsonObject { ["query"] = query, ["variables"] = variables }.ToJsonString(), Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = api.DefaultRequestHeaders.Authorization;
        using var response = await api.SendAsync(request, Stop);
        var body = await response.Content.ReadAsStringAsync(Stop);
        if (JsonNode.Parse(body) is JsonObject answer && answer["errors"] is { } errors)
        {
            _errors.Add($"graphql: {errors.ToJsonString()}");
        }

        return body;
    }

    // Each type that the platform knows with a body that its handlers fail on, and one that nobody knows, which is a dead letter at once.
    private async Task<int> DriveEventsAsync()
    {
        string[] types = ["orders.placed.v1", "orders.shipped.v1", "orders.cancelled.v1", "payments.captured.v1", "payments.refunded.v1", "canary.seen.v1"];
        await using var database = NpgsqlDataSource.Create(platform.Postgres);
        foreach (var type in types)
        {
            await using var command = database.CreateCommand(
                """
                INSERT INTO platform.core_outbox_event (id, lane, event_type, aggregate_type, aggregate_id, payload, correlation_id, occurred_at, actor, attempts)
                VALUES (gen_random_uuid(), 3, $1, 'canary', $2, jsonb_build_object('orderId', $3::text, 'customerName', $4::text, 'amount', $3::text), $2, now(), $2, 0)
                """);
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = type });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Marked.Mail });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Marked.Text });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Marked.Name });
            await command.ExecuteNonQueryAsync(Stop);
        }

        await using var notify = database.CreateCommand("SELECT pg_notify('platform_messaging', '3')");
        await notify.ExecuteNonQueryAsync(Stop);
        await Eventually.BecomesTrueAsync(
            async () => await platform.ScalarAsync(
                "SELECT 'yes' FROM platform.core_dead_letter d, platform.core_inbox_deferred f WHERE d.aggregate_id = $1 AND f.aggregate_id = $1 AND f.last_error IS NOT NULL LIMIT 1", Marked.Mail) == "yes",
            Limit);
        return types.Length;
    }

    private async Task<string> AllAsync(string sql) => await platform.ScalarAsync(sql, "") ?? "";
}

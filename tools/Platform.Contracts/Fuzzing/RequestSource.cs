using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Contracts.Model;

namespace Platform.Contracts.Fuzzing;

/// <summary>Makes requests from a document: half of them as they should be, the rest with one thing bent, or several.</summary>
internal sealed class RequestSource(ContractDocument document, KnownValues known, Random random, IReadOnlyDictionary<string, string> given)
{
    private static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "PURGE"];

    private readonly ValueSource _values = new(known, random, given);

    public FuzzRequest Next()
    {
        var operation = document.Operations[random.Next(document.Operations.Count)];
        var request = Valid(operation);
        for (var bends = random.Next(10) switch { < 5 => 0, < 9 => 1, _ => 3 }; bends > 0; bends--)
        {
            request = Bent(request);
        }

        return request;
    }

    // What was bent before may be too crooked to be bent again.
    private FuzzRequest Bent(FuzzRequest request)
    {
        try
        {
            return Bend(request);
        }
        catch (Exception crooked) when (crooked is InvalidOperationException or ArgumentException or JsonException)
        {
            return request;
        }
    }

    /// <summary>A request that the document allows.</summary>
    public FuzzRequest Valid(ContractOperation operation)
    {
        var target = operation.Path;
        var query = new StringBuilder();
        var headers = new List<(string, string)>();

        // The path comes first: entity tags depend on it. Where one is asked for, it is mostly sent.
        foreach (var parameter in operation.Parameters.OrderBy(parameter => parameter.In != "path")
            .Where(parameter => parameter.Required || random.Next(3) == 0 || (parameter.Name == "If-Match" && operation.Responses.ContainsKey("428") && random.Next(8) > 0)))
        {
            var value = parameter.In is "header" && parameter.Name.StartsWith("If-", StringComparison.Ordinal)
                ? known.TagOf(target) ?? "\"none\""
                : _values.Text(parameter.Schema, operation.Path, parameter.Name);
            switch (parameter.In)
            {
                case "path":
                    target = target.Replace($"{{{parameter.Name}}}", Uri.EscapeDataString(value), StringComparison.Ordinal);
                    break;
                case "query":
                    query.Append(query.Length == 0 ? '?' : '&').Append(parameter.Name).Append('=').Append(Uri.EscapeDataString(value));
                    break;
                default:
                    headers.Add((parameter.Name, value));
                    break;
            }
        }

        var (type, body) = operation.Body is { } described ? Body(operation, described) : (null, null);
        return new(operation, operation.Method, target + query, headers, type, body, false);
    }

    private (string Type, byte[] Body) Body(ContractOperation operation, ContractBody described)
    {
        var (type, schema) = described.Content.ElementAt(random.Next(described.Content.Count));
        var node = schema.Example is { } example && random.Next(4) == 0 ? JsonNode.Parse(example.GetRawText()) : _values.Value(schema, operation.Path, "", 0);
        return (type, Encoding.UTF8.GetBytes(node?.ToJsonString() ?? "null"));
    }

    private FuzzRequest Bend(FuzzRequest request) => random.Next(request.Body is null ? 6 : 12) switch
    {
        0 => request with { Target = BendPath(request.Target) },
        1 => request with { Target = $"{request.Target}{(request.Target.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{BentParameter(request)}" },
        2 or 3 => request with { Headers = [.. request.Headers, BentHeader()] },
        4 => random.Next(3) == 0 ? request with { Anonymous = true } : request with { Headers = [.. request.Headers, ("Authorization", $"Bearer {Field(_values.HostileText())}")] },
        5 => random.Next(4) == 0 ? request with { Method = Methods[random.Next(Methods.Length)] } : request with { Target = request.Target.Split('?')[0] + BentQuery(request.Operation) },
        6 => request with { ContentType = BentType() },
        _ => request with { Body = BendBody(request.Body!) },
    };

    private string BendPath(string target)
    {
        var segments = target.Split('?')[0].Split('/');
        segments[random.Next(Math.Min(4, segments.Length - 1), segments.Length)] = Escaped(_values.HostileText());
        return string.Join('/', segments);
    }

    private string BentQuery(ContractOperation operation)
    {
        var query = new StringBuilder();
        foreach (var parameter in operation.Parameters.Where(parameter => parameter.In is "query" && !given.ContainsKey(parameter.Name)))
        {
            query.Append(query.Length == 0 ? '?' : '&').Append(parameter.Name).Append('=').Append(Escaped(_values.HostileText()));
        }

        return query.ToString();
    }

    private string BentParameter(FuzzRequest request)
    {
        var named = request.Operation.Parameters.Where(parameter => parameter.In is "query" && !given.ContainsKey(parameter.Name)).ToArray();
        var name = named.Length > 0 && random.Next(2) == 0 ? named[random.Next(named.Length)].Name : Escaped(_values.HostileText());
        return $"{name}={Escaped(_values.HostileText())}";
    }

    private (string, string) BentHeader() => random.Next(14) switch
    {
        0 => ("If-Match", Field(_values.HostileText())),
        1 => ("If-None-Match", Field(_values.HostileText())),
        2 => ("If-Modified-Since", Field(_values.HostileText())),
        3 => ("If-Unmodified-Since", random.Next(2) == 0 ? "Thu, 01 Jan 1970 00:00:00 GMT" : Field(_values.HostileText())),
        4 => ("Idempotency-Key", Field(_values.HostileText())),
        5 => ("Accept", random.Next(2) == 0 ? "text/csv" : Field(_values.HostileText())),
        6 => ("Accept-Encoding", random.Next(2) == 0 ? "br" : Field(_values.HostileText())),
        7 => ("X-Correlation-Id", Field(_values.HostileText())),
        8 => ("traceparent", random.Next(2) == 0 ? "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01" : Field(_values.HostileText())),
        9 => ("Last-Event-ID", Field(_values.HostileText())),
        10 => ("Cookie", Field(_values.HostileText())),
        11 => ("Origin", Field(_values.HostileText())),
        12 => ("DPoP", Field(_values.HostileText())),
        _ => ("X-Padding", new string('p', random.Next(1, 20_000))),
    };

    private string BentType() => random.Next(7) switch
    {
        0 => "text/plain",
        1 => "application/json; charset=utf-16",
        2 => "application/json; charset=\"",
        3 => "application/xml",
        4 => "application/merge-patch+json",
        5 => "multipart/form-data; boundary=x",
        _ => Field(_values.HostileText()),
    };

    private byte[] BendBody(byte[] body)
    {
        switch (random.Next(12))
        {
            case 0:
                return [];
            case 1:
                return body[..random.Next(body.Length + 1)];
            case 2:
                var bytes = new byte[random.Next(1, 300)];
                random.NextBytes(bytes);
                return bytes;
            case 3:
                return Encoding.UTF8.GetBytes(new string('[', random.Next(1, 4_000)));
            case 4:
                return [.. body, .. body];
            case 5:
                return Encoding.UTF8.GetBytes(_values.Anything("", 0)?.ToJsonString() ?? "null");
            case 6:
                return Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(body));
            case 7 when random.Next(20) == 0:
                return Encoding.UTF8.GetBytes($"\"{new string('x', random.Next(60_000, 120_000))}\"");
            case 8:
                var text = Encoding.UTF8.GetString(body);
                return Encoding.UTF8.GetBytes(text.Length > 2 && text[0] == '{' ? $"{text[..^1]},{text[1..]}" : text);
            default:
                return Parsed(body) is { } node ? Encoding.UTF8.GetBytes(BendMember(node)) : body;
        }
    }

    // It may have been bent before.
    private static JsonNode? Parsed(byte[] body)
    {
        try
        {
            using var whole = JsonDocument.Parse(body, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 1_000 });
            return JsonNode.Parse(body, null, new JsonDocumentOptions { MaxDepth = 1_000 });
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Changes one value somewhere inside.
    private string BendMember(JsonNode root)
    {
        var places = new List<JsonNode>();
        Collect(root, places);
        if (places.Count == 0)
        {
            return root.ToJsonString();
        }

        var place = places[random.Next(places.Count)];
        const string Mark = "bent here";
        if (place is JsonObject holder)
        {
            var name = holder.Count > 0 && random.Next(4) > 0 ? holder.ElementAt(random.Next(holder.Count)).Key : "unknown";
            if (random.Next(5) == 0)
            {
                holder.Remove(name);
            }
            else
            {
                holder[name] = Mark;
            }
        }
        else if (place is JsonArray array)
        {
            array.Add((JsonNode)Mark);
        }

        return root.ToJsonString().Replace($"\"{Mark}\"", BentValue(), StringComparison.Ordinal);
    }

    private string BentValue() => random.Next(14) switch
    {
        0 => "null",
        1 => "-1",
        2 => "0",
        3 => "1e308",
        4 => "99999999999999999999999999",
        5 => "0.123456789012345678901234567890",
        6 => "\"\\ud800\"",
        7 => "\"\\u0000\"",
        8 => "[]",
        9 => "{}",
        10 => "true",
        11 => $"\"{new string('x', random.Next(1, 12_000))}\"",
        12 => _values.Anything("", 0)?.ToJsonString() ?? "null",
        _ => JsonSerializer.Serialize(_values.HostileText()),
    };

    private static void Collect(JsonNode? node, List<JsonNode> places)
    {
        switch (node)
        {
            case JsonObject members:
                places.Add(members);
                foreach (var (_, member) in members)
                {
                    Collect(member, places);
                }

                break;
            case JsonArray items:
                places.Add(items);
                foreach (var item in items)
                {
                    Collect(item, places);
                }

                break;
        }
    }

    // Sometimes as it is, where it can stand in a target at all.
    private string Escaped(string text) => random.Next(3) == 0
        ? string.Concat(text.Select(c => c is > ' ' and < '\u007f' and not ('#' or '?' or '\\') ? c.ToString() : string.Create(CultureInfo.InvariantCulture, $"%{(int)c & 0xFF:X2}")))
        : Uri.EscapeDataString(new string([.. text.Select(c => char.IsSurrogate(c) ? '\uFFFD' : c)]));

    // What a client can put into a field at all (RFC 9110, section 5.5).
    private static string Field(string text) => new([.. text.Where(c => c is >= ' ' and < '\u007f').Take(8_000)]);
}

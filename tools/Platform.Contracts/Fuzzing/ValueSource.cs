using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Contracts.Model;

namespace Platform.Contracts.Fuzzing;

/// <summary>Makes values that fit a schema, and values that somebody with bad intentions would send.</summary>
internal sealed class ValueSource(KnownValues known, Random random, IReadOnlyDictionary<string, string> given)
{
    private const int MaxDepth = 6;

    private static readonly string[] Words =
    [
        "a", "Ada Moreau", "EUR", "USD", "createdAt", "-createdAt", "placedAt", "name", "-name", "NB-A5", "ada@example.com", "fuzz", "checkout_v2", "GET /api/v1/orders/",
        "payments", "customer", "product", "order", "create", "patch", "delete", "IN", "userId", "de", "ops", "user", "x@y.z",
    ];

    // Zero, unpaired surrogates, other scripts, directions, what SQL, shells, paths and templates take for theirs.
    private static readonly string[] Hostile =
    [
        "", " ", "\0", "a\0b", "\uD800", "\uDFFF\uD800", "\u202E\u0000", "🦊🦊🦊", "é\u0301", "ﷺ", "' OR 1=1 --", "\"; DROP TABLE x; --", "../../../etc/passwd", "..\\..\\",
        "%00", "%2e%2e%2f", "%", "%zz", "${jndi:ldap://x}", "{{7*7}}", "<script>alert(1)</script>", "\r\nX-Injected: 1", "null", "undefined", "NaN", "1e999", "-1", "0",
        "99999999999999999999", "2147483648", "true", "[]", "{}", "*", "\"*\"", "W/\"x\"", "\"unfinished", "00000000-0000-0000-0000-000000000000",
        "ffffffff-ffff-ffff-ffff-ffffffffffff", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999Z", "2026-02-30T00:00:00Z", "+", "a/b", "a?b#c", "~1~0", "\t", "\u00A0",
    ];

    public string HostileText() => random.Next(12) switch
    {
        0 => new string('a', random.Next(1, 5_000)),
        1 => string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => (char)random.Next(0, 0xFFFF))),
        _ => Hostile[random.Next(Hostile.Length)],
    };

    /// <summary>A text for a parameter.</summary>
    public string Text(ContractSchema schema, string path, string name) =>
        given.TryGetValue(name, out var value) ? value : Value(schema, path, name, 0) is { } node
            ? node.GetValueKind() is JsonValueKind.String ? node.GetValue<string>() : node.ToJsonString()
            : "";

    /// <summary>A value that fits.</summary>
    public JsonNode? Value(ContractSchema schema, string path, string name, int depth)
    {
        if (schema.Enum is { } values)
        {
            return JsonNode.Parse(values[random.Next(values.Count)].GetRawText());
        }

        if (schema.OneOf.Count > 0)
        {
            return random.Next(4) == 0 ? null : Value(schema.WithoutNull, path, name, depth);
        }

        var types = schema.Types & ~JsonTypes.Null;
        if (schema.Types.HasFlag(JsonTypes.Null) && types != (JsonTypes.Any & ~JsonTypes.Null) && random.Next(8) == 0)
        {
            return null;
        }

        return types switch
        {
            JsonTypes.Boolean => random.Next(2) == 0,
            JsonTypes.Integer => Integer(schema),
            JsonTypes.Number => Number(schema),
            JsonTypes.String => Text(schema, path, name, depth),
            JsonTypes.Array => Array(schema, path, name, depth),
            JsonTypes.Object => Object(schema, path, depth),
            _ => Anything(path, depth),
        };
    }

    /// <summary>Any JSON at all.</summary>
    public JsonNode? Anything(string path, int depth) => random.Next(depth > MaxDepth ? 6 : 8) switch
    {
        0 => null,
        1 => random.Next(2) == 0,
        2 => random.NextInt64(),
        3 => random.NextDouble() * Math.Pow(10, random.Next(-20, 300)),
        4 => Words[random.Next(Words.Length)],
        5 => WellFormed(HostileText()),
        6 => new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => Anything(path, depth + 1))]),
        _ => new JsonObject(Enumerable.Range(0, random.Next(4)).Select(i => KeyValuePair.Create($"{Words[random.Next(Words.Length)]}{i}", Anything(path, depth + 1)))),
    };

    private JsonObject Object(ContractSchema schema, string path, int depth)
    {
        var result = new JsonObject();
        foreach (var (name, member) in schema.Properties)
        {
            if (schema.Required.Contains(name) || (depth < MaxDepth && random.Next(2) == 0))
            {
                result[name] = Value(member, path, name, depth + 1);
            }
        }

        if (schema.AdditionalProperties is { } others)
        {
            result[Words[random.Next(Words.Length)]] = Value(others, path, "", depth + 1);
        }

        return result;
    }

    private JsonArray Array(ContractSchema schema, string path, string name, int depth)
    {
        var count = random.Next(depth > MaxDepth ? 1 : 4);
        count = Math.Clamp(count, schema.MinItems ?? 0, schema.MaxItems ?? int.MaxValue);
        return new JsonArray([.. Enumerable.Range(0, count).Select(_ => schema.Items is { } items ? Value(items, path, name, depth + 1) : Anything(path, depth + 1))]);
    }

    private long Integer(ContractSchema schema)
    {
        var least = (long)(schema.Minimum ?? 0);
        var most = (long)(schema.Maximum ?? least + 1_000);
        return random.Next(6) switch { 0 => least, 1 => most, _ => random.NextInt64(least, Math.Min(most, least + 1_000) + 1) };
    }

    private double Number(ContractSchema schema)
    {
        var least = schema.Minimum ?? 0;
        var most = schema.Maximum ?? least + 1_000;
        return random.Next(6) switch { 0 => least, 1 => most, _ => Math.Round(least + (random.NextDouble() * (most - least)), random.Next(3)) };
    }

    private string Text(ContractSchema schema, string path, string name, int depth)
    {
        switch (schema.Format)
        {
            case "uuid":
                return random.Next(5) > 0 && known.Find(path, name, random) is { } id && Guid.TryParse(id, out _) ? id : Guid.CreateVersion7().ToString();
            case "date-time":
                return DateTimeOffset.UnixEpoch.AddSeconds(random.NextInt64(0, 4_000_000_000)).ToString("O", CultureInfo.InvariantCulture);
        }

        var text = random.Next(10) switch
        {
            < 6 => known.Find(path, name, random),
            < 8 when schema.Example is { ValueKind: JsonValueKind.String } example => example.GetString(),
            _ => null,
        } ?? $"{Words[random.Next(Words.Length)]}{(depth == 1 && random.Next(2) == 0 ? random.Next(100_000).ToString(CultureInfo.InvariantCulture) : "")}";
        if (schema.Pattern is { } pattern && !pattern.IsMatch(text))
        {
            text = Words.FirstOrDefault(word => pattern.IsMatch(word)) ?? text;
        }

        if (schema.MaxLength is { } most && (text.Length > most || random.Next(60) == 0))
        {
            text = text.Length > most ? text[..most] : text.PadRight(Math.Min(most, 5_000), 'x');
        }

        return text.PadRight(schema.MinLength ?? 0, 'x');
    }

    // JSON in memory holds no unpaired surrogates; they are written as escapes where bodies are bent.
    private static string WellFormed(string text) => new(text.Select(c => char.IsSurrogate(c) ? 'x' : c).ToArray());
}

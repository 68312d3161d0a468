using System.Globalization;
using System.Text.Json;

namespace Platform.Benchmarks.GraphQL;

/// <summary>Requests that would cost seconds, gigabytes or a stack if they were taken as they are.</summary>
internal static class Attacks
{
    /// <summary>Bodies by what they try.</summary>
    public static IEnumerable<(string Name, string Body)> All()
    {
        yield return ("deep", Query("{" + string.Concat(Enumerable.Repeat("product{", 1_000)) + "id" + new string('}', 1_001)));
        yield return ("just too deep", Query(Nested(16)));
        yield return ("16,000 fields", Query("{ products { edges { node { " + Repeat("name ", 16_000) + "} } } }"));
        yield return ("600 fields", Query("{ products { edges { node { " + Repeat("name ", 600) + "} } } }"));
        yield return ("aliases", Query("{ " + Many(500, i => $"a{i}: products {{ edges {{ cursor }} }} ") + "}"));
        yield return ("expensive pages", Query("{ customers(first: 100) { edges { node { orders(first: 100) { edges { node { lines { product { name } } } } } } } } }"));
        yield return ("fragments that double", Query("{ ...F0 } " + Many(30, i => $"fragment F{i} on Query {{ ...F{i + 1} ...F{i + 1} }} ") + "fragment F30 on Query { __typename }"));
        yield return ("fragments in a circle", Query("{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }"));
        yield return ("directives", Query("{ __typename " + Repeat("@skip(if: false) ", 500) + "}"));
        yield return ("huge literal", Query("{ product(id: \"" + new string('x', 60_000) + "\") { id } }"));
        yield return ("huge list literal", Query("{ product(id: [" + Repeat("1,", 20_000) + "]) { id } }"));
        yield return ("nested list literal", Query("{ product(id: " + new string('[', 5_000) + ") { id } }"));
        yield return ("comments", Query("{ __typename } " + Repeat("#\n", 30_000)));
        yield return ("syntax error at the end of a long line", Query("{ __typename " + new string(' ', 60_000) + "("));
        yield return ("many mutations", Query("mutation { " + Many(200, i =>
            $"m{i}: cancelOrder(input: {{ orderId: \"01900000-0000-7000-8000-000000000001\" }}) {{ userErrors {{ code }} }} ") + "}"));
        yield return ("introspection", Query("{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }"));
        yield return ("unknown fields", Query("{ " + Many(30, i => $"unknown{i} ") + "}"));
        yield return ("a body of 1 MB", Query(new string(' ', 1_000_000)));
        yield return ("JSON that nests", "{\"query\":\"{ __typename }\",\"variables\":" + Repeat("{\"a\":", 20_000) + "1" + new string('}', 20_001));
        yield return ("variables that nest", "{\"query\":\"{ __typename }\",\"variables\":" + Repeat("{\"a\":", 60) + "[" + Repeat("1,", 50_000) + "1]" + new string('}', 61));
        yield return ("a batch", "[" + string.Join(',', Enumerable.Repeat("{\"query\":\"{ products { edges { cursor } } }\"}", 1_000)) + "]");
        yield return ("unknown hash", "{\"queryHash\":\"" + new string('a', 64) + "\"}");
    }

    private static string Query(string query) => JsonSerializer.Serialize(new { query });

    private static string Nested(int depth) => "{ customers { edges { node { " + Repeat("orders { edges { node { customer { ", depth / 4) + "name " + new string('}', depth / 4 * 4) + "} } } }";

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    private static string Many(int count, Func<int, string> make) => string.Concat(Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"{make(i)}")));
}

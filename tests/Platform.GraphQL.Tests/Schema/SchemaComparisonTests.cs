using System.Text.Json;
using Platform.GraphQL.Schema.Compatibility;
using Platform.GraphQL.Tests.Transport;

namespace Platform.GraphQL.Tests.Schema;

public sealed class SchemaComparisonTests
{
    private const string Before = """
        directive @tag(name: String, weight: Int) repeatable on FIELD | OBJECT
        type Query { a(x: Int = 1, y: [Int!]): String b: Int! c: [Thing!]! node: Node either: Either old: Int }
        interface Node { id: ID! }
        type Thing implements Node { id: ID! name: String }
        type Other { id: ID! }
        union Either = Thing | Other
        enum Colour { RED GREEN }
        input Filter { colour: Colour limit: Int! = 3 tag: String! }
        scalar Moment
        """;

    public static TheoryData<string, string, string[]> Changes() => new()
    {
        { "old: Int", "", ["Query.old"] },
        { "old: Int", "old: Int!", [] },
        { "old: Int", "old: String", ["Query.old"] },
        { "b: Int!", "b: Int", ["Query.b"] },
        { "[Thing!]!", "[Thing]!", ["Query.c"] },
        { "[Thing!]!", "Thing", ["Query.c"] },
        { "x: Int = 1", "x: Int = 2", [] },
        { "x: Int = 1", "x: Int!", ["Query.a(x:)"] },
        { "x: Int = 1, ", "", ["Query.a(x:)"] },
        { "x: Int = 1", "x: Int = 1, z: Int!", ["Query.a(z:)"] },
        { "x: Int = 1", "x: Int = 1, z: Int! = 4", [] },
        { "y: [Int!]", "y: [Int]", [] },
        { "[Int!]", "[Int!]!", ["Query.a(y:)"] },
        { "type Thing implements Node", "type Thing", ["Thing.Node"] },
        { "Thing | Other", "Thing", ["Either.Other"] },
        { "RED GREEN", "RED", ["Colour.GREEN"] },
        { "RED GREEN", "RED GREEN BLUE", [] },
        { "tag: String!", "tag: String", [] },
        { "tag: String!", "tag: String! more: Int!", ["Filter.more"] },
        { "tag: String!", "tag: String! more: Int", [] },
        { "colour: Colour", "", ["Filter.colour"] },
        { "scalar Moment", "", ["Moment"] },
        { "scalar Moment", "enum Moment { NOW }", ["Moment"] },
        { "repeatable ", "", ["@tag"] },
        { "FIELD | OBJECT", "FIELD", ["@tag"] },
        { "name: String, ", "", ["@tag(name:)"] },
        { "name: String, ", "name: String, must: Int!, ", ["@tag(must:)"] },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void What_breaks_clients_is_told_with_its_place(string was, string becomes, string[] broken)
    {
        var changes = SchemaComparison.Compare(Before, After(was, becomes));

        Assert.Equal(broken, changes.Where(change => change.Severity is ChangeSeverity.Breaking).Select(change => change.Coordinate));
    }

    [Fact]
    public void Nothing_is_told_where_nothing_changed() => Assert.Empty(SchemaComparison.Compare(Before, Before));

    [Fact]
    public async Task It_says_what_graphql_js_says()
    {
        var cases = Changes().Select(row => After(row.Data.Item1, row.Data.Item2)).ToArray();
        var output = await Conformance.RunAsync("schema-changes.mjs", JsonSerializer.Serialize(new { before = Before, cases }));

        var expected = JsonSerializer.Deserialize<int[][]>(output)!;
        Assert.All(cases.Zip(expected), pair =>
        {
            var changes = SchemaComparison.Compare(Before, pair.First);
            int[] counts = [changes.Count(c => c.Severity is ChangeSeverity.Breaking), changes.Count(c => c.Severity is ChangeSeverity.Dangerous)];
            Assert.True(pair.Second.SequenceEqual(counts), $"{pair.First}: graphql-js {string.Join('/', pair.Second)}, here {string.Join('/', counts)}");
        });
    }

    private static string After(string was, string becomes)
    {
        Assert.Contains(was, Before, StringComparison.Ordinal);
        return Before.Replace(was, becomes, StringComparison.Ordinal);
    }
}

using GraphQL;
using GraphQL.Types;
using GraphQLParser;
using GraphQLParser.AST;
using Platform.GraphQL.Limits;
using Platform.GraphQL.Limits.Cost;

namespace Platform.GraphQL.Tests.Limits;

/// <summary>Costs as IBM's "GraphQL Cost Directives" reckon them before an operation runs.</summary>
public sealed class CostTests
{
    private static readonly ISchema Priced = MakeSchema();

    [Theory]
    // The root, the field and what it gives; values cost nothing.
    [InlineData("{ one { name } }", 1, 2)]
    [InlineData("{ one { name name dear } }", 6, 2)]
    [InlineData("{ heavy { name } }", 1, 8)]
    // A list costs its field once, and its items each.
    [InlineData("{ many(first: 7) { name } }", 1, 8)]
    [InlineData("{ many { name } }", 1, 21)]
    [InlineData("{ many(first: null) { name } }", 1, 21)]
    [InlineData("{ several { name } }", 1, 4)]
    [InlineData("{ unsized { name } }", 1, 11)]
    [InlineData("{ many(first: 3) { many(first: 4) { name } } }", 4, 16)]
    [InlineData("{ many(first: 2, last: 9) { name } }", 1, 10)]
    [InlineData("{ nested(page: { size: 6 }) { name } }", 2, 7)]
    // Of a connection it is the edges that are as many.
    [InlineData("{ connection(first: 5) { edges { node { name } } total } }", 7, 12)]
    [InlineData("{ connection { edges { node { name } } } }", 52, 102)]
    // Variables with their defaults.
    [InlineData("query ($n: Int) { many(first: $n) { name } }", 1, 12)]
    [InlineData("query ($other: Int = 4) { many(first: $other) { name } }", 1, 5)]
    [InlineData("query ($other: Int) { many(first: $other) { name } }", 1, 21)]
    // Input objects and what they hold.
    [InlineData("{ change(input: { items: [{ n: 1 }, { n: 2 }], dear: 1 }) }", 13, 1)]
    [InlineData("query ($input: Input!) { change(input: $input) }", 14, 1)]
    // The same field twice is resolved once; another one of the same name is not.
    [InlineData("{ one { name } one { name } ...F } fragment F on Query { one { name } }", 1, 2)]
    [InlineData("{ a: one { name } b: one { name } }", 2, 3)]
    // Of several types it is the dearest that counts, with what is asked of all of them.
    [InlineData("{ either { name ... on Thing { dear } ... on Heavy { name } } }", 6, 8)]
    [InlineData("{ either { ... on Thing { dear a: dear } ... on Heavy { b: dear c: dear d: dear } } }", 16, 8)]
    [InlineData("{ either { ...T ... on Heavy { dear } } } fragment T on Thing { one { dear } ... on Named { ... on Heavy { dear } } }", 7, 9)]
    [InlineData("{ either { ... on Named { a: dear } ... on Thing { b: dear } } }", 11, 8)]
    [InlineData("{ eithers(first: 3) { ... on Thing { dear } ... on Heavy { dear } } }", 16, 22)]
    public void An_operation_costs_its_fields_and_what_they_give(string query, double field, double type)
    {
        var variables = new Inputs(new Dictionary<string, object?>
        {
            ["n"] = 11,
            ["input"] = new Dictionary<string, object?> { ["items"] = new List<object?> { new Dictionary<string, object?>(), null, new Dictionary<string, object?>(), new Dictionary<string, object?>() }, ["dear"] = 2 },
        });

        var reckoning = Reckon(query, variables);

        Assert.Null(reckoning.Refusal);
        Assert.Equal((field, type), (reckoning.Cost.Field, reckoning.Cost.Type));
    }

    [Theory]
    [InlineData("{ strict { name } }")]
    [InlineData("{ strict(first: 1, last: 2) { name } }")]
    public void A_list_that_needs_its_size_is_refused_without_one(string query)
    {
        Assert.Equal("VALIDATION_ERROR", Reckon(query, null).Refusal?.Code.Code);
        Assert.Null(Reckon("{ strict(last: 2) { name } }", null).Refusal);
    }

    [Theory]
    [InlineData("{ many(first: 2147483647) { many(first: 2147483647) { many(first: 2147483647) { name } } } }")]
    [InlineData("{ many(first: 99999999999999999999) { name } }")]
    [InlineData("query ($big: Int) { many(first: $big) { name } }")]
    [InlineData("{ many(first: \"ten\") { name } }")]
    [InlineData("{ a: many(first: 100) { many(first: 100) { name } } b: many(first: -1) { name } }")]
    public void What_cannot_be_read_counts_as_the_largest_and_nothing_makes_a_cost_negative(string query)
    {
        var reckoning = Reckon(query, new Inputs(new Dictionary<string, object?> { ["big"] = 1e300 }), max: 9_000);

        Assert.Equal("COMPLEXITY_LIMIT_EXCEEDED", reckoning.Refusal?.Code.Code);
    }

    private static Reckoning Reckon(string query, Inputs? variables, long max = 100_000)
    {
        var document = Parser.Parse(query);
        var operation = document.Definitions.OfType<GraphQLOperationDefinition>().Single();
        return SelectionWalk.Check(document, operation, Priced, new PriceList(), variables, new GraphQLOptions(), new RequestRoom(max, 10));
    }

    private static global::GraphQL.Types.Schema MakeSchema()
    {
        var schema = new global::GraphQL.Types.Schema { Query = new PricedQuery() };
        schema.Directives.Register(new CostDirective(), new ListSizeDirective());
        schema.Initialize();
        return schema;
    }

    private sealed class PricedQuery : ObjectGraphType
    {
        public PricedQuery()
        {
            Name = "Query";
            Field<ThingType>("one");
            Field<HeavyType>("heavy");
            Field<NamedType>("either");
            Field<ListGraphType<NamedType>>("eithers").Argument<IntGraphType>("first").SizedBy(20, ["first"]);
            Field<ListGraphType<ThingType>>("many").Argument<IntGraphType>("first").Argument<IntGraphType>("last").SizedBy(20, ["first", "last"]);
            Field<ListGraphType<ThingType>>("several").AssumedSize(3);
            Field<ListGraphType<ThingType>>("unsized");
            Field<ListGraphType<ThingType>>("nested").Argument<PageType>("page").SizedBy(20, ["page.size"]);
            Field<ThingConnectionType>("connection").Argument<IntGraphType>("first").SizedBy(50, ["first"], "edges");
            Field<StringGraphType>("change").Argument<InputType>("input").Cost(5);
            var strict = Field<ListGraphType<ThingType>>("strict").Argument<IntGraphType>("first").Argument<IntGraphType>("last");
            ListSizeDirective.Apply(strict.FieldType, new ListSize(null, ["first", "last"], [], RequireOne: true));
        }
    }

    private sealed class ThingType : ObjectGraphType
    {
        public ThingType()
        {
            Name = "Thing";
            Interface<NamedType>();
            IsTypeOf = _ => true;
            Field<StringGraphType>("name");
            Field<StringGraphType>("dear").Cost(5);
            Field<ThingType>("one");
            Field<ListGraphType<ThingType>>("many").Argument<IntGraphType>("first").SizedBy(20, ["first"]);
        }
    }

    private sealed class NamedType : InterfaceGraphType
    {
        public NamedType()
        {
            Name = "Named";
            Field<StringGraphType>("name");
            Field<StringGraphType>("dear").Cost(5);
        }
    }

    private sealed class HeavyType : ObjectGraphType
    {
        public HeavyType()
        {
            Name = "Heavy";
            CostDirective.Apply(this, 7);
            Interface<NamedType>();
            IsTypeOf = _ => true;
            Field<StringGraphType>("name");
            Field<StringGraphType>("dear").Cost(5);
        }
    }

    private sealed class ThingConnectionType : ObjectGraphType
    {
        public ThingConnectionType()
        {
            Name = "ThingConnection";
            Field<ListGraphType<ThingEdgeType>>("edges");
            Field<IntGraphType>("total");
        }
    }

    private sealed class ThingEdgeType : ObjectGraphType
    {
        public ThingEdgeType()
        {
            Name = "ThingEdge";
            Field<ThingType>("node");
        }
    }

    private sealed class PageType : InputObjectGraphType
    {
        public PageType()
        {
            Name = "Page";
            Field<IntGraphType>("size");
        }
    }

    private sealed class InputType : InputObjectGraphType
    {
        public InputType()
        {
            Name = "Input";
            Field<ListGraphType<ItemType>>("items");
            CostDirective.Apply(Field<IntGraphType>("dear").FieldType, 5);
        }
    }

    private sealed class ItemType : InputObjectGraphType
    {
        public ItemType()
        {
            Name = "Item";
            Field<IntGraphType>("n");
        }
    }
}

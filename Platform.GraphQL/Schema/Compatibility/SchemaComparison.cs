using GraphQLParser;
using GraphQLParser.AST;
using GraphQLParser.Visitors;

namespace Platform.GraphQL.Schema.Compatibility;

/// <summary>
/// Compares two schemas as clients see them. What counts as breaking is what graphql-js says in <c>findBreakingChanges</c> and
/// <c>findDangerousChanges</c>; a test holds both against each other.
/// </summary>
internal sealed class SchemaComparison
{
    // Built in (GraphQL specification, section 3.5), so that no schema has to define them.
    private static readonly string[] BuiltInScalars = ["Int", "Float", "String", "Boolean", "ID"];

    private readonly List<SchemaChange> _changes = [];

    private SchemaComparison()
    {
    }

    /// <summary>Compares.</summary>
    /// <param name="before">The schema that clients know, in the schema definition language.</param>
    /// <param name="after">The schema that they are to meet.</param>
    /// <returns>Breaking changes first, each group in the order of the schema; empty when every client gets on as before.</returns>
    /// <exception cref="GraphQLParser.Exceptions.GraphQLSyntaxErrorException">One of them is no schema.</exception>
    public static IReadOnlyList<SchemaChange> Compare(string before, string after)
    {
        var comparison = new SchemaComparison();
        comparison.Types(Definitions<GraphQLTypeDefinition>(before), Definitions<GraphQLTypeDefinition>(after));
        comparison.Directives(Definitions<GraphQLDirectiveDefinition>(before), Definitions<GraphQLDirectiveDefinition>(after));
        return [.. comparison._changes.OrderByDescending(change => change.Severity)];
    }

    private static Dictionary<string, TDefinition> Definitions<TDefinition>(string schema)
        where TDefinition : ASTNode, INamedNode =>
        Parser.Parse(schema).Definitions.OfType<TDefinition>().ToDictionary(definition => definition.Name.StringValue, StringComparer.Ordinal);

    private void Types(Dictionary<string, GraphQLTypeDefinition> before, Dictionary<string, GraphQLTypeDefinition> after)
    {
        foreach (var (name, was) in before)
        {
            if (!after.TryGetValue(name, out var becomes))
            {
                if (!BuiltInScalars.Contains(name, StringComparer.Ordinal))
                {
                    Breaks(name, "the type was removed");
                }
            }
            else if (was.Kind != becomes.Kind)
            {
                Breaks(name, $"{KindOf(was)} became {KindOf(becomes)}");
            }
            else
            {
                Type(name, was, becomes);
            }
        }
    }

    private void Type(string name, GraphQLTypeDefinition was, GraphQLTypeDefinition becomes)
    {
        switch (was, becomes)
        {
            case (GraphQLObjectTypeDefinition one, GraphQLObjectTypeDefinition other):
                Fields(name, ItemsOf(one.Fields), ItemsOf(other.Fields));
                Members(name, "interface", NamesOf(one.Interfaces), NamesOf(other.Interfaces));
                break;
            case (GraphQLInterfaceTypeDefinition one, GraphQLInterfaceTypeDefinition other):
                Fields(name, ItemsOf(one.Fields), ItemsOf(other.Fields));
                Members(name, "interface", NamesOf(one.Interfaces), NamesOf(other.Interfaces));
                break;
            case (GraphQLUnionTypeDefinition one, GraphQLUnionTypeDefinition other):
                Members(name, "member", NamesOf(one.Types), NamesOf(other.Types));
                break;
            case (GraphQLEnumTypeDefinition one, GraphQLEnumTypeDefinition other):
                Members(name, "value", NamesOf(one.Values), NamesOf(other.Values));
                break;
            case (GraphQLInputObjectTypeDefinition one, GraphQLInputObjectTypeDefinition other):
                Inputs(field => $"{name}.{field}", "input field", ItemsOf(one.Fields), ItemsOf(other.Fields));
                break;
        }
    }

    private void Fields(string type, IReadOnlyList<GraphQLFieldDefinition> before, IReadOnlyList<GraphQLFieldDefinition> after)
    {
        foreach (var was in before)
        {
            var coordinate = $"{type}.{was.Name.StringValue}";
            if (after.FirstOrDefault(field => field.Name.Value == was.Name.Value) is not { } becomes)
            {
                Breaks(coordinate, "the field was removed");
                continue;
            }

            if (!IsSafeOutput(was.Type, becomes.Type))
            {
                Breaks(coordinate, $"{Print(was.Type)} became {Print(becomes.Type)}");
            }

            Inputs(argument => $"{coordinate}({argument}:)", "argument", ItemsOf(was.Arguments), ItemsOf(becomes.Arguments));
        }
    }

    // Arguments and input fields: what clients send.
    private void Inputs(Func<string, string> coordinate, string what, IReadOnlyList<GraphQLInputValueDefinition> before, IReadOnlyList<GraphQLInputValueDefinition> after)
    {
        foreach (var was in before)
        {
            var place = coordinate(was.Name.StringValue);
            if (after.FirstOrDefault(input => input.Name.Value == was.Name.Value) is not { } becomes)
            {
                Breaks(place, $"the {what} was removed");
            }
            else if (!IsSafeInput(was.Type, becomes.Type))
            {
                Breaks(place, $"{Print(was.Type)} became {Print(becomes.Type)}");
            }
            else if (was.DefaultValue is { } value && (becomes.DefaultValue is null || Print(value) != Print(becomes.DefaultValue)))
            {
                Endangers(place, $"the default was {Print(value)} and is {(becomes.DefaultValue is { } now ? Print(now) : "none")}");
            }
        }

        foreach (var added in after.Where(input => before.All(was => was.Name.Value != input.Name.Value)))
        {
            if (added is { Type: GraphQLNonNullType, DefaultValue: null })
            {
                Breaks(coordinate(added.Name.StringValue), $"a required {what} was added");
            }
            else
            {
                Endangers(coordinate(added.Name.StringValue), $"an optional {what} was added");
            }
        }
    }

    private void Members(string type, string what, IReadOnlyList<string> before, IReadOnlyList<string> after)
    {
        foreach (var removed in before.Except(after, StringComparer.Ordinal))
        {
            Breaks($"{type}.{removed}", $"the {what} was removed");
        }

        foreach (var added in after.Except(before, StringComparer.Ordinal))
        {
            Endangers($"{type}.{added}", $"the {what} was added");
        }
    }

    private void Directives(Dictionary<string, GraphQLDirectiveDefinition> before, Dictionary<string, GraphQLDirectiveDefinition> after)
    {
        foreach (var (name, was) in before)
        {
            if (!after.TryGetValue(name, out var becomes))
            {
                Breaks($"@{name}", "the directive was removed");
                continue;
            }

            if (was.Repeatable && !becomes.Repeatable)
            {
                Breaks($"@{name}", "it may not be repeated any more");
            }

            foreach (var location in was.Locations.Items.Except(becomes.Locations.Items))
            {
                Breaks($"@{name}", $"it is not allowed on {location} any more");
            }

            var arguments = ItemsOf(becomes.Arguments);
            foreach (var argument in ItemsOf(was.Arguments).Where(argument => arguments.All(now => now.Name.Value != argument.Name.Value)))
            {
                Breaks($"@{name}({argument.Name.StringValue}:)", "the argument was removed");
            }

            foreach (var argument in arguments.Where(argument =>
                argument is { Type: GraphQLNonNullType, DefaultValue: null } && ItemsOf(was.Arguments).All(then => then.Name.Value != argument.Name.Value)))
            {
                Breaks($"@{name}({argument.Name.StringValue}:)", "a required argument was added");
            }
        }
    }

    // What comes back may become more certain: never null, where it could be.
    private static bool IsSafeOutput(GraphQLType was, GraphQLType becomes) => (was, becomes) switch
    {
        (GraphQLNonNullType one, GraphQLNonNullType other) => IsSafeOutput(one.Type, other.Type),
        (GraphQLNonNullType, _) => false,
        (_, GraphQLNonNullType other) => IsSafeOutput(was, other.Type),
        (GraphQLListType one, GraphQLListType other) => IsSafeOutput(one.Type, other.Type),
        (GraphQLNamedType one, GraphQLNamedType other) => one.Name.Value == other.Name.Value,
        _ => false,
    };

    // What is sent may become less certain: null, where it could not be.
    private static bool IsSafeInput(GraphQLType was, GraphQLType becomes) => (was, becomes) switch
    {
        (GraphQLNonNullType one, GraphQLNonNullType other) => IsSafeInput(one.Type, other.Type),
        (GraphQLNonNullType one, _) => IsSafeInput(one.Type, becomes),
        (GraphQLListType one, GraphQLListType other) => IsSafeInput(one.Type, other.Type),
        (GraphQLNamedType one, GraphQLNamedType other) => one.Name.Value == other.Name.Value,
        _ => false,
    };

    private static List<T> ItemsOf<T>(ASTListNode<T>? list)
        where T : ASTNode => list?.Items ?? [];

    private static IReadOnlyList<string> NamesOf<T>(ASTListNode<T>? list)
        where T : ASTNode, INamedNode => [.. ItemsOf(list).Select(item => item.Name.StringValue)];

    private static string KindOf(GraphQLTypeDefinition type) => type switch
    {
        GraphQLObjectTypeDefinition => "an object type",
        GraphQLInterfaceTypeDefinition => "an interface",
        GraphQLUnionTypeDefinition => "a union",
        GraphQLEnumTypeDefinition => "an enum",
        GraphQLInputObjectTypeDefinition => "an input type",
        _ => "a scalar",
    };

    private static string Print(ASTNode node) => new SDLPrinter().Print(node);

    private void Breaks(string coordinate, string what) => _changes.Add(new(ChangeSeverity.Breaking, coordinate, what));

    private void Endangers(string coordinate, string what) => _changes.Add(new(ChangeSeverity.Dangerous, coordinate, what));
}

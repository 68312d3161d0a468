using GraphQL.Types;
using GraphQLParser;
using GraphQLParser.AST;

namespace Platform.GraphQL.Execution;

/// <summary>Collects the fields of selections of a valid document (GraphQL specification, section 6.3.2, CollectFields).</summary>
/// <param name="schema">The schema.</param>
/// <param name="document">The document, for its fragments.</param>
/// <param name="includes">Whether <c>@skip</c> and <c>@include</c> let a selection be.</param>
internal sealed class FieldCollection(ISchema schema, GraphQLDocument document, Func<ASTNode, bool> includes)
{
    /// <summary>Collects the fields of objects of a type.</summary>
    /// <param name="type">The type.</param>
    /// <param name="selections">The selections that count together.</param>
    public SelectionPlan Collect(IObjectGraphType type, IReadOnlyList<GraphQLSelectionSet> selections)
    {
        var fields = new Fields(type);
        foreach (var set in selections)
        {
            Visit(set, fields, []);
        }

        return new SelectionPlan(type, [.. fields.InOrder]);
    }

    private void Visit(GraphQLSelectionSet set, Fields fields, HashSet<ROM> spreads)
    {
        foreach (var selection in set.Selections)
        {
            if (!includes(selection))
            {
                continue;
            }

            switch (selection)
            {
                case GraphQLField field:
                    fields.Add(field, DefinitionOf(field.Name.Value, fields.Type));
                    break;
                case GraphQLInlineFragment inline when inline.TypeCondition is not { } condition || IsOf(condition, fields.Type):
                    Visit(inline.SelectionSet, fields, spreads);
                    break;
                case GraphQLFragmentSpread spread when spreads.Add(spread.FragmentName.Name.Value)
                    && document.FindFragmentDefinition(spread.FragmentName.Name.Value) is { } fragment
                    && IsOf(fragment.TypeCondition, fields.Type):
                    Visit(fragment.SelectionSet, fields, spreads);
                    break;
            }
        }
    }

    private bool IsOf(GraphQLTypeCondition condition, IObjectGraphType type) => schema.AllTypes[condition.Type.Name.Value] switch
    {
        IAbstractGraphType several => several.IsPossibleType(type),
        var one => one == type,
    };

    private FieldType DefinitionOf(ROM name, IObjectGraphType type)
    {
        if (type == schema.Query && name == schema.SchemaMetaFieldType.Name)
        {
            return schema.SchemaMetaFieldType;
        }

        if (type == schema.Query && name == schema.TypeMetaFieldType.Name)
        {
            return schema.TypeMetaFieldType;
        }

        return name == schema.TypeNameMetaFieldType.Name
            ? schema.TypeNameMetaFieldType
            : type.GetField(name) ?? throw new InvalidOperationException($"The type {type.Name} has no field {name}, which validation should have found.");
    }

    /// <summary>The fields that were found so far.</summary>
    private sealed class Fields(IObjectGraphType type)
    {
        private readonly Dictionary<string, FieldPlan> _byName = new(StringComparer.Ordinal);

        public IObjectGraphType Type { get; } = type;

        public List<FieldPlan> InOrder { get; } = [];

        public void Add(GraphQLField field, FieldType definition)
        {
            var name = field.Alias?.Name.StringValue ?? definition.Name;
            if (!_byName.TryGetValue(name, out var plan))
            {
                plan = new FieldPlan(name, field, definition);
                _byName.Add(name, plan);
                InOrder.Add(plan);
            }

            plan.Add(field.SelectionSet);
        }
    }
}

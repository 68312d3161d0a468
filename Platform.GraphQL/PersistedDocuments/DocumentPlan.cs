using System.Runtime.CompilerServices;
using GraphQL;
using GraphQL.Types;
using GraphQLParser;
using GraphQLParser.AST;
using Platform.GraphQL.Execution;
using Platform.GraphQL.Gates;

namespace Platform.GraphQL.PersistedDocuments;

/// <summary>What is left to do for an operation of a document that was found valid: which fields take arguments, and whether that is all there is.</summary>
/// <param name="Fields">Fields whose arguments have to be read, each with its definition.</param>
/// <param name="IsPlain">No directive and no gate makes the operation another one for each caller.</param>
internal sealed record OperationPlan(IReadOnlyList<(GraphQLField Field, FieldType Definition)> Fields, bool IsPlain)
{
    /// <summary>The fields of its root, once they were collected; of a plain one they are always the same.</summary>
    public SelectionPlan? Selection { get; set; }
}

/// <summary>Makes plans of valid documents, each once. Thread safe.</summary>
internal sealed class DocumentPlans(ISchema schema)
{
    private readonly ConditionalWeakTable<GraphQLOperationDefinition, OperationPlan> _plans = [];

    /// <summary>The plan of an operation.</summary>
    public OperationPlan Of(GraphQLDocument document, GraphQLOperationDefinition operation)
    {
        if (!_plans.TryGetValue(operation, out var plan))
        {
            plan = new Reading(schema, document).Read(operation);
            _plans.AddOrUpdate(operation, plan);
        }

        return plan;
    }

    private sealed class Reading(ISchema schema, GraphQLDocument document)
    {
        private readonly Dictionary<ROM, GraphQLFragmentDefinition> _fragments =
            document.Definitions.OfType<GraphQLFragmentDefinition>().ToDictionary(fragment => fragment.FragmentName.Name.Value);

        private readonly HashSet<ROM> _read = [];
        private readonly List<(GraphQLField Field, FieldType Definition)> _fields = [];
        private bool _isPlain = true;

        public OperationPlan Read(GraphQLOperationDefinition operation)
        {
            _isPlain = operation.Operation is not OperationType.Subscription && operation.Directives is null;
            Visit(operation.SelectionSet, operation.Operation is OperationType.Mutation ? schema.Mutation : schema.Query);
            return new(_fields, _isPlain);
        }

        private void Visit(GraphQLSelectionSet? set, IGraphType? type)
        {
            foreach (var selection in set?.Selections ?? [])
            {
                _isPlain &= (selection as IHasDirectivesNode)?.Directives is null;
                switch (selection)
                {
                    case GraphQLField field:
                        Visit(field, type);
                        break;
                    case GraphQLInlineFragment inline:
                        Visit(inline.SelectionSet, inline.TypeCondition is { } condition ? schema.AllTypes[condition.Type.Name.Value] : type);
                        break;
                    case GraphQLFragmentSpread spread when _read.Add(spread.FragmentName.Name.Value):
                        var fragment = _fragments[spread.FragmentName.Name.Value];
                        _isPlain &= fragment.Directives is null;
                        Visit(fragment.SelectionSet, schema.AllTypes[fragment.TypeCondition.Type.Name.Value]);
                        break;
                }
            }
        }

        private void Visit(GraphQLField field, IGraphType? type)
        {
            // Fields of introspection, and of a type that is none of the schema's, are left to the executor's own way.
            if ((type as IComplexGraphType)?.GetField(field.Name.Value) is not { } definition)
            {
                _isPlain &= field.Name.Value == "__typename";
                return;
            }

            _isPlain &= definition.Gate() is null;
            if (definition.Arguments is { Count: > 0 })
            {
                _fields.Add((field, definition));
            }

            Visit(field.SelectionSet, definition.ResolvedType?.GetNamedType());
        }
    }
}

using GraphQL;
using GraphQL.Types;
using GraphQLParser;
using GraphQLParser.AST;

namespace Platform.GraphQL.Limits;

/// <summary>Finds out how many items a field can give at most, from its argument <c>first</c> or <c>last</c> and the variables, before anything is coerced.</summary>
internal sealed class PageReckoning(GraphQLOperationDefinition operation, Inputs? variables)
{
    /// <summary>The items of a page of the field, or null when the field has no pages.</summary>
    public int? Of(FieldType definition, GraphQLField field)
    {
        if (PageSize.Of(definition) is not { } size)
        {
            return null;
        }

        return (field.Arguments?.Find("first") ?? field.Arguments?.Find("last")) is { } first ? Math.Clamp(NumberOf(first.Value) ?? size.Default, 1, size.Max) : size.Default;
    }

    // A number that cannot be read is refused later; until then it counts as the largest.
    private int? NumberOf(GraphQLValue value)
    {
        switch (value)
        {
            case GraphQLNullValue:
                return null;
            case GraphQLIntValue literal:
                return int.TryParse(literal.Value, out var number) ? number : int.MaxValue;
            case GraphQLVariable variable when variables is not null && variables.TryGetValue(variable.Name.StringValue, out var given):
                return given switch { null => null, int count => count, _ => int.MaxValue };
            case GraphQLVariable variable:
                return DefaultOf(variable) is { } fallback ? NumberOf(fallback) : null;
            default:
                return int.MaxValue;
        }
    }

    // Constant by the grammar, so that this never leads to another variable.
    private GraphQLValue? DefaultOf(GraphQLVariable variable) =>
        operation.Variables?.Items.FirstOrDefault(v => v.Variable.Name.Value == variable.Name.Value)?.DefaultValue;
}

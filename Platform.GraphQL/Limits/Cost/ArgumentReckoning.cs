using System.Collections;
using System.Globalization;
using GraphQL;
using GraphQL.Types;
using GraphQLParser;
using GraphQLParser.AST;

namespace Platform.GraphQL.Limits.Cost;

/// <summary>Finds out what the arguments of a field make of its cost, from the document and the variables, before anything is coerced.</summary>
internal sealed class ArgumentReckoning(GraphQLOperationDefinition operation, Inputs? variables, PriceList prices)
{
    private const int MaxNesting = 64;

    private static readonly object Unreadable = new();

    /// <summary>How many items a field asks for by its slicing arguments: the most of them, or null when it gives none.</summary>
    /// <returns>The size, and how many of the arguments the operation gives.</returns>
    public (int? Size, int Given) SizeOf(FieldPrice price, GraphQLField field)
    {
        int? size = null;
        var given = 0;
        foreach (var path in price.Size!.SlicingArguments)
        {
            var written = Find(price, field, path, out var value);
            given += written ? 1 : 0;
            if (value is not null)
            {
                // What cannot be read is refused later; until then it counts as the largest.
                size = Math.Max(size ?? 0, value is int number ? Math.Max(0, number) : int.MaxValue);
            }
        }

        return (size, given);
    }

    /// <summary>What the arguments of a field weigh, input objects by their fields and lists by their items.</summary>
    public double WeightOf(FieldPrice price, GraphQLField field)
    {
        if (!price.HasHeavyArguments || field.Arguments is null)
        {
            return 0;
        }

        var weight = 0.0;
        foreach (var argument in field.Arguments)
        {
            if (price.Arguments.TryGetValue(argument.Name.StringValue, out var known) && (known.Weight != 0 || known.Input is not null))
            {
                weight += Weigh(ValueOf(argument.Value, 0), known.Weight, known.Input, 0);
            }
        }

        return weight;
    }

    private double Weigh(object? value, double each, IInputObjectGraphType? type, int depth)
    {
        if (value is null || depth > MaxNesting)
        {
            return 0;
        }

        if (value is IList items)
        {
            var sum = 0.0;
            foreach (var item in items)
            {
                sum += Weigh(item, each, type, depth + 1);
            }

            return sum;
        }

        var weight = each;
        if (type is not null && value is IEnumerable<KeyValuePair<string, object?>> fields)
        {
            foreach (var (name, inner) in fields)
            {
                var innerType = type.Fields.Find(name)?.ResolvedType?.GetNamedType() as IInputObjectGraphType;
                weight += Weigh(inner, prices.OfInput(type, name), innerType, depth + 1);
            }
        }

        return weight;
    }

    // Follows "input.page.first" into the argument's value.
    private bool Find(FieldPrice price, GraphQLField field, string path, out object? value)
    {
        var steps = path.Split('.');
        var written = field.Arguments?.Find(steps[0]) is { } argument;
        value = written ? ValueOf(field.Arguments!.Find(steps[0])!.Value, 0) : price.Arguments.GetValueOrDefault(steps[0])?.Default;
        for (var i = 1; i < steps.Length && value is not null; i++)
        {
            value = value is IEnumerable<KeyValuePair<string, object?>> fields ? fields.FirstOrDefault(inner => inner.Key == steps[i]).Value : Unreadable;
        }

        return written && value is not null;
    }

    // Constants are bounded by the document, variables by the body; a default is constant by the grammar, so this leads nowhere in a circle.
    private object? ValueOf(GraphQLValue value, int depth)
    {
        switch (value)
        {
            case GraphQLNullValue:
                return null;
            case GraphQLIntValue literal:
                return int.TryParse(literal.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : Unreadable;
            case GraphQLVariable variable when variables is not null && variables.TryGetValue(variable.Name.StringValue, out var given):
                return given;
            case GraphQLVariable variable:
                return DefaultOf(variable) is { } fallback && depth <= MaxNesting ? ValueOf(fallback, depth + 1) : null;
            case GraphQLListValue list when depth <= MaxNesting:
                return list.Values?.ConvertAll(item => ValueOf(item, depth + 1)) ?? [];
            case GraphQLObjectValue fields when depth <= MaxNesting:
                return fields.Fields?.ConvertAll(field => KeyValuePair.Create(field.Name.StringValue, ValueOf(field.Value, depth + 1))) is { } pairs ? new Literal(pairs) : null;
            default:
                return Unreadable;
        }
    }

    private GraphQLValue? DefaultOf(GraphQLVariable variable) =>
        operation.Variables?.Items.Find(known => known.Variable.Name.Value == variable.Name.Value)?.DefaultValue;

    /// <summary>An input object as the document writes it; not a list, which would be weighed by its items.</summary>
    private sealed class Literal(List<KeyValuePair<string, object?>> fields) : IEnumerable<KeyValuePair<string, object?>>
    {
        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => fields.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}

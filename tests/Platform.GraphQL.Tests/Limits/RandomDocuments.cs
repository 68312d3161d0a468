using System.Globalization;
using System.Text;
using GraphQL;
using GraphQL.Types;

namespace Platform.GraphQL.Tests.Limits;

/// <summary>Makes valid documents out of a schema, by chance: fields with their arguments, aliases, fragments, directives and variables, fields that are to be merged.</summary>
internal sealed class RandomDocuments(ISchema schema, Random random)
{
    private const int MaxDepth = 7;

    private readonly List<(string Name, string Type, object? Value)> _variables = [];
    private readonly List<string> _fragments = [];
    private int _aliases;

    /// <summary>Makes one.</summary>
    /// <returns>The document, and the values of its variables.</returns>
    public (string Document, Dictionary<string, object?> Variables) Next()
    {
        _variables.Clear();
        _fragments.Clear();
        _aliases = 0;
        var isMutation = random.Next(20) == 0;
        var body = Selections((IComplexGraphType)(isMutation ? schema.Mutation! : schema.Query), 0);
        var head = _variables.Count == 0 ? "" : "(" + string.Join(", ", _variables.Select(v => $"${v.Name}: {v.Type}")) + ")";
        var name = random.Next(3) == 0 && head.Length == 0 ? "" : $" Q{random.Next(1_000)}";
        var text = (isMutation ? "mutation" + name : name.Length == 0 ? "" : "query" + name) + head + " " + body + string.Concat(_fragments);
        return (text, _variables.ToDictionary(v => v.Name, v => v.Value));
    }

    private string Selections(IComplexGraphType type, int depth)
    {
        var text = new StringBuilder("{ ");
        for (var count = random.Next(1, depth == 0 ? 3 : 5); count > 0; count--)
        {
            var field = type.Fields.ElementAt(random.Next(type.Fields.Count));
            var selection = field.ResolvedType?.GetNamedType() is IComplexGraphType inner
                ? depth < MaxDepth ? WithSelections($"{Alias()}{field.Name}{Arguments(field)}{Directive()}", inner, depth + 1) : "__typename"
                : field.ResolvedType?.GetNamedType() is UnionGraphType ? "__typename"
                : $"{Alias()}{field.Name}{Arguments(field)}{Directive()}";
            text.Append(InFragment(selection, type)).Append(' ');
        }

        if (type is IAbstractGraphType several && random.Next(2) == 0)
        {
            var one = several.PossibleTypes.ElementAt(random.Next(several.PossibleTypes.Count));
            text.Append(CultureInfo.InvariantCulture, $"... on {one.Name} {Selections(one, depth)} ");
        }

        return text.Append('}').ToString();
    }

    // Now and then in two parts, which the service has to put together.
    private string WithSelections(string field, IComplexGraphType type, int depth) =>
        string.Join(' ', Enumerable.Range(0, random.Next(10) == 0 ? 2 : 1).Select(_ => $"{field} {Selections(type, depth)}"));

    private string InFragment(string selection, IComplexGraphType type)
    {
        switch (random.Next(16))
        {
            case 0:
                return $"... on {type.Name} {{ {selection} }}";
            case 1:
                var name = $"F{_fragments.Count}";
                _fragments.Add($" fragment {name} on {type.Name} {{ {selection} }}");
                return $"...{name}";
            default:
                return selection;
        }
    }

    // Every second time another name, so that nothing has to be merged that cannot be.
    private string Alias() => $"a{_aliases++}: ";

    private string Directive() => random.Next(30) == 0 ? $" @{(random.Next(2) == 0 ? "skip" : "include")}(if: {(random.Next(2) == 0 ? "true" : "false")})" : "";

    private string Arguments(FieldType field)
    {
        var given = (field.Arguments ?? []).Where(argument => argument.ResolvedType is NonNullGraphType || random.Next(3) == 0)
            .Select(argument => $"{argument.Name}: {Value(argument.Name, argument.ResolvedType!, 0)}").ToArray();
        return given.Length == 0 ? "" : "(" + string.Join(", ", given) + ")";
    }

    private string Value(string name, IGraphType type, int depth) => type switch
    {
        NonNullGraphType required => Value(name, required.ResolvedType!, depth),
        _ when depth == 0 && type is ScalarGraphType and not EnumerationGraphType && random.Next(4) == 0 => Variable(name, (ScalarGraphType)type),
        ListGraphType list => "[" + Value(name, list.ResolvedType!, depth + 1) + "]",
        EnumerationGraphType values => values.Values.ElementAt(random.Next(values.Values.Count)).Name,
        IInputObjectGraphType input => "{ " + string.Join(", ", input.Fields
            .Where(field => field.ResolvedType is NonNullGraphType || (depth < 3 && random.Next(3) == 0))
            .Select(field => $"{field.Name}: {Value(field.Name, field.ResolvedType!, depth + 1)}")) + " }",
        { Name: "Int" } => Small(name).ToString(CultureInfo.InvariantCulture),
        { Name: "Boolean" } => random.Next(2) == 0 ? "true" : "false",
        { Name: "Decimal" or "Float" } => "1.5",
        { Name: "ID" } => $"\"01900000-0000-7000-8000-{random.Next(1_000_000):D12}\"",
        { Name: "DateTime" } => "\"2026-01-02T03:04:05Z\"",
        _ => $"\"text {random.Next(100)}\"",
    };

    private string Variable(string name, ScalarGraphType type)
    {
        object? value = type.Name switch
        {
            "Int" => Small(name),
            "Boolean" => true,
            "Decimal" or "Float" => 2.5,
            "ID" => $"01900000-0000-7000-8000-{random.Next(1_000_000):D12}",
            "DateTime" => "2026-01-02T03:04:05Z",
            _ => "variable",
        };
        _variables.Add(($"v{_variables.Count}", type.Name + "!", value));
        return "$" + _variables[^1].Name;
    }

    private int Small(string name) => name is "first" or "last" ? random.Next(1, 4) : random.Next(10);
}

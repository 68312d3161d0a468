using System.Collections.Concurrent;
using System.Text.Json;
using GraphQL.Resolvers;
using GraphQL.Types;
using GraphQLParser.AST;

namespace Platform.GraphQL.Execution;

/// <summary>The fields that objects of one type give in one place of a document (GraphQL specification, section 6.3.2), collected once. Thread safe.</summary>
/// <param name="type">The type of the objects.</param>
/// <param name="fields">The fields in their order, each once.</param>
internal sealed class SelectionPlan(IObjectGraphType type, FieldPlan[] fields)
{
    public IObjectGraphType Type { get; } = type;

    public FieldPlan[] Fields { get; } = fields;
}

/// <summary>One field of the response in one place of a document.</summary>
internal sealed class FieldPlan
{
    private readonly List<GraphQLSelectionSet> _selections = [];
    private readonly ConcurrentDictionary<IObjectGraphType, SelectionPlan> _ofTypes = new(ReferenceEqualityComparer.Instance);
    private SelectionPlan? _only;

    public FieldPlan(string name, GraphQLField field, FieldType definition)
    {
        Field = field;
        Definition = definition;
        Name = name;
        Key = JsonEncodedText.Encode(name);
        Result = ResultPlan.Of(definition.ResolvedType!);
        Resolver = definition.Resolver ?? NameFieldResolver.Instance;
        Direct = definition.Resolver as IDirectResolver;
    }

    /// <summary>The first selection of it; what is selected under the same name again has the same arguments.</summary>
    public GraphQLField Field { get; }

    public FieldType Definition { get; }

    /// <summary>What it is called in the response.</summary>
    public string Name { get; }

    /// <summary>The same as JSON has it.</summary>
    public JsonEncodedText Key { get; }

    public ResultPlan Result { get; }

    public IFieldResolver Resolver { get; }

    /// <summary>The resolver, where it may be asked without ceremony.</summary>
    public IDirectResolver? Direct { get; }

    /// <summary>Selects in what it gives; each time that the field is selected adds to the same object (section 6.4.3, MergeSelectionSets).</summary>
    public void Add(GraphQLSelectionSet? selections)
    {
        if (selections is not null && !_selections.Contains(selections))
        {
            _selections.Add(selections);
        }
    }

    /// <summary>What is selected of an object that it gives.</summary>
    /// <param name="type">The type of the object.</param>
    /// <param name="collection">Collects it the first time.</param>
    public SelectionPlan Of(IObjectGraphType type, FieldCollection collection) =>
        _only is { } only && only.Type == type
            ? only
            : _only = _ofTypes.GetOrAdd(type, static (type, from) => from.collection.Collect(type, from.selections), (collection, selections: _selections));
}

/// <summary>What a field, or an item of the list that it gives, is.</summary>
internal sealed class ResultPlan
{
    private ResultPlan(IGraphType declared, IGraphType type)
    {
        Declared = declared;
        Type = type;
        Scalar = type as ScalarGraphType;
        Object = type as IObjectGraphType;
        Item = type is ListGraphType list ? Of(list.ResolvedType!) : null;
    }

    /// <summary>The type as the schema has it.</summary>
    public IGraphType Declared { get; }

    /// <summary>The type without the mark that it is never null.</summary>
    public IGraphType Type { get; }

    public bool IsRequired => Declared != Type;

    /// <summary>The type, where it gives values.</summary>
    public ScalarGraphType? Scalar { get; }

    /// <summary>The type, where it gives objects of this type alone.</summary>
    public IObjectGraphType? Object { get; }

    /// <summary>The items, where it gives a list.</summary>
    public ResultPlan? Item { get; }

    /// <summary>What is in the list, or in the lists in the list; itself where it is none.</summary>
    public ResultPlan Innermost => Item?.Innermost ?? this;

    public static ResultPlan Of(IGraphType declared) => new(declared, declared is NonNullGraphType required ? required.ResolvedType! : declared);
}

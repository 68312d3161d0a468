using GraphQL;
using GraphQL.Types;
using GraphQLParser;
using GraphQLParser.AST;
using Platform.GraphQL.Limits.Cost;
using Platform.GraphQL.Transport;

namespace Platform.GraphQL.Limits;

/// <summary>
/// Walks the selections of a document once, fragments expanded in each place where they are spread, and stops at the first limit that is
/// passed. It runs before validation, so it takes nothing for granted: fields may be unknown and fragments may go in circles.
/// </summary>
internal sealed class SelectionWalk
{
    // The rule of graphql-js (MaxIntrospectionDepthRule): these lists multiply when they are nested in each other.
    private const int MaxIntrospectionLists = 3;

    private readonly ISchema _schema;
    private readonly PriceList _prices;
    private readonly ArgumentReckoning _arguments;
    private readonly SelectionBudget _budget;
    private readonly Dictionary<ROM, GraphQLFragmentDefinition> _fragments = [];
    private readonly HashSet<ROM> _open = [];
    private readonly ResponsePaths _paths;
    private bool _introspects;

    private SelectionWalk(
        GraphQLDocument document, ISchema schema, PriceList prices, GraphQLOperationDefinition operation, Inputs? variables, SelectionBudget budget)
    {
        _paths = new ResponsePaths(document.Source);
        _schema = schema;
        _prices = prices;
        _arguments = new ArgumentReckoning(operation, variables, prices);
        _budget = budget;
    }

    /// <summary>Tells what an operation costs, and why its document is refused when it is not within the limits.</summary>
    /// <param name="document">The document, parsed.</param>
    /// <param name="operation">The operation of it that is to run.</param>
    /// <param name="schema">The schema.</param>
    /// <param name="prices">What the schema's fields cost.</param>
    /// <param name="variables">The variables as they came.</param>
    /// <param name="limits">The limits of a document.</param>
    /// <param name="most">What the request may still have.</param>
    public static Reckoning Check(
        GraphQLDocument document,
        GraphQLOperationDefinition operation,
        ISchema schema,
        PriceList prices,
        Inputs? variables,
        GraphQLOptions limits,
        RequestRoom most)
    {
        var budget = new SelectionBudget(limits, most, operation.Operation);
        var walk = new SelectionWalk(document, schema, prices, operation, variables, budget);
        foreach (var definition in document.Definitions)
        {
            if (definition is GraphQLFragmentDefinition fragment)
            {
                walk._fragments.TryAdd(fragment.FragmentName.Name.Value, fragment);
            }
        }

        // What runs first, so that its limits are the ones that are named; then the rest, which validation reads as well.
        IGraphType? root = operation.Operation switch
        {
            OperationType.Mutation => schema.Mutation,
            OperationType.Subscription => schema.Subscription,
            _ => schema.Query,
        };
        var costs = new ObjectCost();
        costs.Add(among: null, 0, PriceList.WeightOf(root));
        walk.Visit(operation.SelectionSet, new(root, costs, walk._paths.Begin(), Depth: 0, Count: 1, Sized: null, Size: 0, IntrospectionLists: 0));
        foreach (var definition in document.Definitions)
        {
            if (definition is GraphQLExecutableDefinition other && other != operation)
            {
                walk._open.Clear();
                walk.Visit(other.SelectionSet, new(Type: null, new ObjectCost(), walk._paths.Begin(), Depth: 0, Count: 0, Sized: null, Size: 0, IntrospectionLists: 0));
            }
        }

        var cost = costs.Sum();
        budget.TakeCost(cost);
        return new(cost, budget.RootFields, walk._introspects, walk._arguments.AskedVariables, budget.Refusal);
    }

    private bool Visit(GraphQLSelectionSet? set, Place place)
    {
        if (set is null)
        {
            return true;
        }

        foreach (var selection in set.Selections)
        {
            var goOn = _budget.TakeSelection() && selection switch
            {
                GraphQLField field => VisitField(field, place),
                GraphQLInlineFragment inline => Visit(inline.SelectionSet, place.On(TypeOf(inline.TypeCondition))),
                GraphQLFragmentSpread spread => VisitSpread(spread, place),
                _ => true,
            };
            if (!goOn)
            {
                return false;
            }
        }

        return true;
    }

    private bool VisitSpread(GraphQLFragmentSpread spread, Place place)
    {
        var name = spread.FragmentName.Name.Value;
        if (!_fragments.TryGetValue(name, out var fragment) || !_open.Add(name))
        {
            return true;
        }

        var goOn = Visit(fragment.SelectionSet, place.On(TypeOf(fragment.TypeCondition)));
        _open.Remove(name);
        return goOn;
    }

    private bool VisitField(GraphQLField field, Place parent)
    {
        var (path, repeats, differs, isAnother) = _paths.Enter(parent.Path, parent.Type, field);
        if (!_budget.EnterDepth(parent.Depth + 1)
            || !_budget.TakeRepeat(repeats)
            || (differs && !_budget.TakeDifference())
            || (field.Alias is not null && !_budget.TakeAlias())
            || (parent is { Depth: 0, Count: 1 } && !_budget.TakeRootField()))
        {
            return false;
        }

        var name = field.Name.Value;
        var introspectionLists = parent.IntrospectionLists;
        if ((name == "fields" || name == "interfaces" || name == "possibleTypes" || name == "inputFields")
            && parent.Type is null or { Name: "__Type" }
            && ++introspectionLists >= MaxIntrospectionLists)
        {
            return _budget.RefuseDepth("Introspection nests too deep.");
        }

        if (DefinitionOf(name, parent.Type) is not { } definition)
        {
            return Visit(field.SelectionSet, new(Type: null, new ObjectCost(), path, parent.Depth + 1, parent.Count, Sized: null, Size: 0, introspectionLists));
        }

        var price = _prices.Of(definition);
        if (!TrySize(price, field, out var size))
        {
            return false;
        }

        // A list of a connection is as long as the connection's arguments say; any other says its own size, or gets the usual one.
        var items = !price.IsList ? 1
            : parent.Sized?.Contains(definition.Name) == true ? parent.Size
            : price.Size is { SizedFields.Count: 0 } ? size
            : PriceList.UnknownSize;
        var count = Math.Min(parent.Count * items, int.MaxValue);

        // What is selected again is resolved once.
        if (isAnother)
        {
            parent.Costs.Add(parent.Among, parent.Count * (price.Weight + _arguments.WeightOf(price, field)), count * price.TypeWeight);
        }

        var costs = field.SelectionSet is null ? parent.Costs : parent.Costs.Inner(parent.Among, path);
        return Visit(field.SelectionSet, new(price.Type, costs, path, parent.Depth + 1, count, price.Size?.SizedFields, size, introspectionLists));
    }

    private bool TrySize(FieldPrice price, GraphQLField field, out long size)
    {
        size = PriceList.UnknownSize;
        if (price.Size is null)
        {
            return true;
        }

        var (asked, given) = _arguments.SizeOf(price, field);
        size = asked ?? price.Size.AssumedSize ?? PriceList.UnknownSize;
        return !price.Size.RequireOne || price.Size.SlicingArguments.Count == 0 || given == 1
            || _budget.RefuseSize($"The field {field.Name.StringValue} needs exactly one of the arguments {string.Join(", ", price.Size.SlicingArguments)}.");
    }

    private FieldType? DefinitionOf(ROM name, IGraphType? parent)
    {
        if (parent == _schema.Query && name == _schema.SchemaMetaFieldType.Name)
        {
            _introspects = true;
            return _schema.SchemaMetaFieldType;
        }

        if (parent == _schema.Query && name == _schema.TypeMetaFieldType.Name)
        {
            _introspects = true;
            return _schema.TypeMetaFieldType;
        }

        return (parent as IComplexGraphType)?.GetField(name);
    }

    private IGraphType? TypeOf(GraphQLTypeCondition? condition) => condition is null ? null : _schema.AllTypes[condition.Type.Name.Value];

    /// <summary>Where the walk stands: inside how many objects of which type.</summary>
    private readonly record struct Place(
        IGraphType? Type, ObjectCost Costs, int Path, int Depth, long Count, IReadOnlyList<string>? Sized, long Size, int IntrospectionLists)
    {
        /// <summary>Which types the objects may be of; null where that makes no difference.</summary>
        public IReadOnlyCollection<IObjectGraphType>? Among { get; private init; }

        /// <summary>Inside of a fragment on a type.</summary>
        public Place On(IGraphType? type) => type is null ? this
            : Type is IAbstractGraphType || Among is not null ? this with { Type = type, Among = Both(Among ?? (IEnumerable<IObjectGraphType>)((IAbstractGraphType)Type!).PossibleTypes, type) }
            : this with { Type = type };

        private static IObjectGraphType[] Both(IEnumerable<IObjectGraphType> among, IGraphType type) =>
            [.. among.Where(one => type == one || (type is IAbstractGraphType several && several.IsPossibleType(one)))];
    }
}

/// <summary>What a walk found out.</summary>
/// <param name="Cost">What the operation costs; without a refusal it is complete.</param>
/// <param name="RootFields">The fields at the root of the operation.</param>
/// <param name="Introspects">The operation asks for the schema.</param>
/// <param name="Varies">Variables had a part in the cost.</param>
/// <param name="Refusal">Why the document goes no further, or null.</param>
internal readonly record struct Reckoning(OperationCost Cost, int RootFields, bool Introspects, bool Varies, Refusal? Refusal);

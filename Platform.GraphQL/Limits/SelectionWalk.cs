using GraphQL;
using GraphQL.Types;
using GraphQLParser;
using GraphQLParser.AST;
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
    private readonly PageReckoning _pages;
    private readonly SelectionBudget _budget;
    private readonly Dictionary<ROM, GraphQLFragmentDefinition> _fragments = [];
    private readonly HashSet<ROM> _open = [];
    private readonly ResponsePaths _paths;

    private SelectionWalk(GraphQLDocument document, ISchema schema, GraphQLOperationDefinition operation, Inputs? variables, SelectionBudget budget)
    {
        _paths = new ResponsePaths(document.Source);
        _schema = schema;
        _pages = new PageReckoning(operation, variables);
        _budget = budget;
    }

    /// <summary>Tells why a document is refused, or null when it is within the limits.</summary>
    public static Refusal? Check(
        GraphQLDocument document, GraphQLOperationDefinition operation, ISchema schema, Inputs? variables, GraphQLOptions limits)
    {
        var budget = new SelectionBudget(limits);
        var walk = new SelectionWalk(document, schema, operation, variables, budget);
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
        walk.Visit(operation.SelectionSet, new(root, walk._paths.Begin(), Depth: 0, Count: 1, Page: null, IntrospectionLists: 0));
        foreach (var definition in document.Definitions)
        {
            if (definition is GraphQLExecutableDefinition other && other != operation)
            {
                walk._open.Clear();
                walk.Visit(other.SelectionSet, new(Type: null, walk._paths.Begin(), Depth: 0, Count: 0, Page: null, IntrospectionLists: 0));
            }
        }

        return budget.Refusal;
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
                GraphQLInlineFragment inline => Visit(inline.SelectionSet, place.On(TypeOf(inline.TypeCondition) ?? place.Type)),
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

        var goOn = Visit(fragment.SelectionSet, place.On(TypeOf(fragment.TypeCondition) ?? place.Type));
        _open.Remove(name);
        return goOn;
    }

    private bool VisitField(GraphQLField field, Place parent)
    {
        var (path, repeats, differs) = _paths.Enter(parent.Path, field);
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

        var definition = DefinitionOf(name, parent.Type);
        var type = definition?.ResolvedType?.GetNamedType();
        var page = definition is null ? null : _pages.Of(definition, field);
        var count = parent.Count;
        if (definition is not null && IsList(definition.ResolvedType))
        {
            // Edges and nodes of a connection are as many as its page; any other list says its own size or gets the usual one.
            count = Math.Min(count * (page ?? parent.Page ?? PageSize.Unknown.Default), int.MaxValue);
        }

        if (type is IComplexGraphType and not { Name: ['_', '_', ..] } && !_budget.TakeObjects(count))
        {
            return false;
        }

        return Visit(field.SelectionSet, new(type, path, parent.Depth + 1, count, page, introspectionLists));
    }

    private FieldType? DefinitionOf(ROM name, IGraphType? parent)
    {
        if (parent == _schema.Query && name == _schema.SchemaMetaFieldType.Name)
        {
            return _schema.SchemaMetaFieldType;
        }

        if (parent == _schema.Query && name == _schema.TypeMetaFieldType.Name)
        {
            return _schema.TypeMetaFieldType;
        }

        return (parent as IComplexGraphType)?.GetField(name);
    }

    private IGraphType? TypeOf(GraphQLTypeCondition? condition) => condition is null ? null : _schema.AllTypes[condition.Type.Name.Value];

    private static bool IsList(IGraphType? type) => type switch
    {
        ListGraphType => true,
        NonNullGraphType required => IsList(required.ResolvedType),
        _ => false,
    };

    /// <summary>Where the walk stands: inside how many objects of which type.</summary>
    private readonly record struct Place(IGraphType? Type, int Path, int Depth, long Count, int? Page, int IntrospectionLists)
    {
        public Place On(IGraphType? type) => this with { Type = type };
    }
}

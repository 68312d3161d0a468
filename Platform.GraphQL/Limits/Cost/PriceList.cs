using System.Collections.Concurrent;
using GraphQL;
using GraphQL.Types;

namespace Platform.GraphQL.Limits.Cost;

/// <summary>What the fields of the schema cost, read off its directives once for each field. Thread safe.</summary>
internal sealed class PriceList
{
    /// <summary>What is reckoned for a list that says nothing of its size.</summary>
    public const int UnknownSize = 10;

    // The whole schema comes out of one, a type out of the other.
    private const int SchemaWeight = 100;
    private const int NamedTypeWeight = 10;

    private readonly ConcurrentDictionary<FieldType, FieldPrice> _fields = new(ReferenceEqualityComparer.Instance);
    private readonly ConcurrentDictionary<(IGraphType Type, string Name), double> _inputs = [];

    /// <summary>The price of a field.</summary>
    public FieldPrice Of(FieldType field) => _fields.GetOrAdd(field, Read);

    /// <summary>The weight of an object of a type; of an abstract one that of the heaviest.</summary>
    public static double WeightOf(IGraphType? type) => type switch
    {
        null or { Name: ['_', '_', ..] } => 0,
        IAbstractGraphType { PossibleTypes.Count: > 0 } several => several.PossibleTypes.Max(WeightOf),
        _ => CostDirective.WeightOf(type) ?? (type is IComplexGraphType or UnionGraphType ? 1 : 0),
    };

    /// <summary>The weight of a field of an input object.</summary>
    public double OfInput(IInputObjectGraphType type, string name) => _inputs.GetOrAdd(
        (type, name),
        static key => ((IInputObjectGraphType)key.Type).Fields.Find(key.Name) is { } field
            ? CostDirective.WeightOf(field) ?? WeightOf(field.ResolvedType?.GetNamedType())
            : 0);

    private static FieldPrice Read(FieldType field)
    {
        var type = field.ResolvedType?.GetNamedType();
        var weight = field.Name switch
        {
            "__schema" => SchemaWeight,
            "__type" => NamedTypeWeight,
            _ => CostDirective.WeightOf(field) ?? (type is IComplexGraphType or UnionGraphType && !type.Name.StartsWith("__", StringComparison.Ordinal) ? 1 : 0),
        };
        var arguments = field.Arguments?.ToDictionary(
            argument => argument.Name,
            argument => new ArgumentPrice(
                CostDirective.WeightOf(argument) ?? WeightOf(argument.ResolvedType?.GetNamedType()), argument.ResolvedType?.GetNamedType() as IInputObjectGraphType, argument.DefaultValue),
            StringComparer.Ordinal);
        return new FieldPrice(
            weight,
            WeightOf(type),
            type,
            IsList(field.ResolvedType),
            ListSizeDirective.Of(field),
            arguments ?? [],
            arguments?.Values.Any(argument => argument.Weight != 0 || argument.Input is not null) == true);
    }

    private static bool IsList(IGraphType? type) => type switch
    {
        ListGraphType => true,
        NonNullGraphType required => IsList(required.ResolvedType),
        _ => false,
    };
}

/// <summary>What a field costs.</summary>
/// <param name="Weight">The field itself, each time it appears.</param>
/// <param name="TypeWeight">Each object that it gives.</param>
/// <param name="Type">What it gives.</param>
/// <param name="IsList">It gives several.</param>
/// <param name="Size">How many, where it says so.</param>
/// <param name="Arguments">What its arguments add.</param>
/// <param name="HasHeavyArguments">Some of them add something.</param>
internal sealed record FieldPrice(
    double Weight, double TypeWeight, IGraphType? Type, bool IsList, ListSize? Size, Dictionary<string, ArgumentPrice> Arguments, bool HasHeavyArguments);

/// <summary>What an argument adds to the cost.</summary>
/// <param name="Weight">The argument itself; of a list each item.</param>
/// <param name="Input">The input object that it takes.</param>
/// <param name="Default">Its value where an operation gives none.</param>
internal sealed record ArgumentPrice(double Weight, IInputObjectGraphType? Input, object? Default);

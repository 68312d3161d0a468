using System.Globalization;
using GraphQL;
using GraphQL.Builders;
using GraphQL.Types;
using GraphQLParser.AST;

namespace Platform.GraphQL.Limits.Cost;

/// <summary><c>@cost(weight:)</c> of IBM's "GraphQL Cost Directives": what one field, or one object of a type, adds to the cost of an operation.</summary>
internal sealed class CostDirective : Directive
{
    public const string DirectiveName = "cost";

    private const string Weight = "weight";

    public CostDirective()
        : base(
            DirectiveName,
            DirectiveLocation.ArgumentDefinition,
            DirectiveLocation.Enum,
            DirectiveLocation.FieldDefinition,
            DirectiveLocation.InputFieldDefinition,
            DirectiveLocation.Object,
            DirectiveLocation.Scalar)
    {
        Description = "What it adds to the cost of an operation each time it appears. By default 1 for what is made of fields, and 0 for the rest.";
        Arguments = new QueryArguments(new QueryArgument<NonNullGraphType<StringGraphType>> { Name = Weight });
    }

    /// <summary>Reads the weight off an element of the schema.</summary>
    public static double? WeightOf(IMetadataReader element) =>
        element.GetAppliedDirectives()?.Find(DirectiveName)?.FindArgument(Weight)?.Value is string weight
            ? double.Parse(weight, CultureInfo.InvariantCulture)
            : null;

    public static void Apply(IMetadataWriter element, double weight) =>
        element.ApplyDirective(DirectiveName, Weight, weight.ToString("0.####", CultureInfo.InvariantCulture));
}

/// <summary>Puts weights on fields and types.</summary>
internal static class CostDirectiveExtensions
{
    /// <summary>Says what each appearance of the field adds to the cost of an operation; 1 by default where it gives objects, and 0 where it gives values.</summary>
    public static FieldBuilder<TSource, TReturn> Cost<TSource, TReturn>(this FieldBuilder<TSource, TReturn> field, double weight)
    {
        CostDirective.Apply(field.FieldType, weight);
        return field;
    }
}

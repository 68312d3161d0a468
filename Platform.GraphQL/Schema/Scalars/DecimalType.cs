using System.Globalization;
using GraphQL.Types;
using GraphQLParser.AST;
using Platform.GraphQL.Errors;

namespace Platform.GraphQL.Schema.Scalars;

/// <summary>
/// A decimal number, as a JSON number like in REST. Amounts of money have at most 14 digits here, which clients that read numbers as
/// binary floating point keep exactly.
/// </summary>
internal sealed class DecimalType : ScalarGraphType
{
    public DecimalType()
    {
        Name = "Decimal";
        Description = "A decimal number; amounts have at most 14 digits, 2 of them behind the point.";
    }

    public override object? ParseLiteral(GraphQLValue value) => value switch
    {
        GraphQLIntValue number => Parse(number.Value),
        GraphQLFloatValue number => Parse(number.Value),
        GraphQLNullValue => null,
        _ => throw NotOne(),
    };

    public override object? ParseValue(object? value) => value switch
    {
        decimal number => number,
        int number => (decimal)number,
        long number => (decimal)number,
        double number when Math.Abs(number) < (double)decimal.MaxValue => (decimal)number,
        null => null,
        _ => throw NotOne(),
    };

    public override object? Serialize(object? value) => value is decimal or null ? value : ThrowSerializationError(value);

    private static decimal Parse(ReadOnlySpan<char> text) =>
        decimal.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : throw NotOne();

    private static ScalarFormatException NotOne() => new("A Decimal is a number.");
}

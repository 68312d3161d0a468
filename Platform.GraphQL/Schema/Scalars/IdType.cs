using GraphQL.Types;
using GraphQLParser.AST;
using Platform.GraphQL.Errors;

namespace Platform.GraphQL.Schema.Scalars;

/// <summary>The built-in <c>ID</c> as this schema has it: a UUID in its 36-character form, and nothing else.</summary>
internal sealed class IdType : ScalarGraphType
{
    public IdType()
    {
        Name = "ID";
        Description = "A UUID of 36 characters.";
    }

    public override object? ParseLiteral(GraphQLValue value) => value switch
    {
        GraphQLStringValue text => Parse(text.Value.ToString()),
        GraphQLNullValue => null,
        _ => throw NotOne(),
    };

    public override object? ParseValue(object? value) => value switch
    {
        Guid id => id,
        string text => Parse(text),
        null => null,
        _ => throw NotOne(),
    };

    public override object? Serialize(object? value) => value switch
    {
        Guid id => id.ToString("D"),
        null => null,
        _ => ThrowSerializationError(value),
    };

    private static Guid Parse(string text) => Guid.TryParseExact(text, "D", out var id) ? id : throw NotOne();

    private static ScalarFormatException NotOne() => new("An ID is a UUID of 36 characters.");
}

using GraphQL.Types;
using GraphQLParser.AST;
using Platform.GraphQL.Errors;

namespace Platform.GraphQL.Schema.Scalars;

/// <summary>A file that came in a form with the request (GraphQL multipart request specification). Its value is the <see cref="IFormFile"/>.</summary>
/// <remarks>For fields that take files; a host has to allow forms (<see cref="GraphQLOptions.MaxUploadBytes"/>).</remarks>
internal sealed class UploadType : ScalarGraphType
{
    public UploadType()
    {
        Name = "Upload";
        Description = "A file, sent beside the request in a form.";
    }

    public override object? ParseLiteral(GraphQLValue value) => value is GraphQLNullValue ? null : throw NotOne();

    public override object? ParseValue(object? value) => value is IFormFile or null ? value : throw NotOne();

    public override object? Serialize(object? value) => value is null ? null : ThrowSerializationError(value);

    private static ScalarFormatException NotOne() => new("An Upload is a file of the form, given by a variable.");
}

using GraphQL;
using GraphQL.Execution;
using GraphQL.Types;
using GraphQL.Validation;
using GraphQL.Validation.Errors;
using Platform.Errors;
using Platform.GraphQL.Gates;
using Platform.Redaction;
using Platform.ServiceDefaults.Errors;

namespace Platform.GraphQL.Errors;

/// <summary>
/// Turns what the executor reports into what a caller may see: a code of the one catalogue, and never a type's name or a value of an
/// exception.
/// </summary>
internal sealed class ErrorTaxonomy(ErrorTranslation translation, ISchema schema)
{
    private const int MaxMessageLength = 300;
    private const int MaxLocations = 3;
    private const string Suggestion = " Did you mean ";

    /// <summary>Describes an error.</summary>
    /// <param name="error">What the executor reports.</param>
    /// <param name="mayIntrospect">The caller may know the schema, and so be told what names it may have meant.</param>
    public PublicError Describe(ExecutionError error, bool mayIntrospect)
    {
        var described = error switch
        {
            TimeoutError => new PublicError(ErrorCode.Timeout, "The operation took longer than it may."),
            ValidationError validation => new PublicError(ErrorCode.ValidationError, MessageOf(validation, mayIntrospect)),
            DocumentError or RequestError => new PublicError(ErrorCode.InvalidInput, error.Message),
            { InnerException: { } cause } => Describe(cause),
            _ => new PublicError(ErrorCode.InternalError, ErrorCode.InternalError.Title),
        };

        return described with
        {
            Message = Shortened(described.Message),
            Locations = error.Locations is { Count: > 0 } locations ? [.. locations.Take(MaxLocations)] : [],
            Path = error.Path?.ToArray(),
        };
    }

    /// <summary>Cuts a message that quotes too much of a document, and redacts what it quotes.</summary>
    public static string Shortened(string message)
    {
        var safe = Redactor.Default.Redact(message);
        return safe.Length <= MaxMessageLength ? safe : safe[..MaxMessageLength] + "…";
    }

    // A suggestion would tell of a field that the caller may not know of.
    private bool SuggestsGated(string message) => GatedNames().Any(name => message.Contains($"'{name}'", StringComparison.Ordinal));

    private IEnumerable<string> GatedNames() => schema.AllTypes.OfType<IObjectGraphType>()
        .SelectMany(type => type.Fields).Where(field => field.Gate() is not null).Select(field => field.Name);

    private PublicError Describe(Exception exception)
    {
        var refusal = translation.Translate(exception);
        return new PublicError(refusal.Code, refusal.Message)
        {
            ResourceType = refusal.ResourceType,
            ResourceId = refusal.ResourceId,
            FieldErrors = refusal.Fields,
            RetryAfter = refusal.RetryAfter,
        };
    }

    private string MessageOf(ValidationError error, bool suggest)
    {
        // What a conversion says of itself holds CLR names and the value that was sent; what a scalar of this schema says does not.
        if (error is InvalidVariableError or InvalidLiteralError && error.InnerException is { } cause)
        {
            var sentence = error.Message.IndexOf(". ", StringComparison.Ordinal);
            var start = sentence < 0 ? error.Message : error.Message[..(sentence + 1)];
            return cause is ScalarFormatException ? $"{start} {cause.Message}" : start;
        }

        if ((!suggest || SuggestsGated(error.Message)) && error is FieldsOnCorrectTypeError or KnownTypeNamesError or KnownArgumentNamesError)
        {
            var suggestion = error.Message.IndexOf(Suggestion, StringComparison.Ordinal);
            return suggestion < 0 ? error.Message : error.Message[..suggestion];
        }

        return error.Message;
    }
}

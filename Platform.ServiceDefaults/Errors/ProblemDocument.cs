using System.Text.Json.Serialization;
using Platform.Errors;

namespace Platform.ServiceDefaults.Errors;

/// <summary>The body of every error (RFC 9457), <c>application/problem+json</c>.</summary>
/// <param name="Type">The page of the kind of error, on this server: <c>/errors/</c> and the code.</param>
/// <param name="Title">A summary that is the same each time.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What happened this time, for a person.</param>
/// <param name="Code">The entry of the error catalogue.</param>
/// <param name="TraceId">Finds the request in traces and logs.</param>
/// <param name="Timestamp">When it happened, UTC.</param>
/// <param name="Errors">The invalid fields, all of them; absent when the error is of another kind.</param>
public sealed record ProblemDocument(
    string Type,
    string Title,
    int Status,
    string Detail,
    string Code,
    string TraceId,
    DateTime Timestamp,
    IReadOnlyList<FieldError>? Errors = null)
{
    /// <summary>The media type (RFC 9457, section 3).</summary>
    public const string MediaType = "application/problem+json";

    /// <summary>The <see cref="Type"/> of a code.</summary>
    public static string TypeOf(ErrorCode code)
    {
        ArgumentNullException.ThrowIfNull(code);
        return $"{ErrorPages.Path}/{code.Code}";
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ProblemDocument))]
internal sealed partial class ProblemJson : JsonSerializerContext;

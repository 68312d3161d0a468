using GraphQLParser;
using Platform.Errors;

namespace Platform.GraphQL.Errors;

/// <summary>An error as it leaves the service: nothing in it comes from an unexpected exception.</summary>
/// <param name="Code">The entry of the catalogue, <c>extensions.code</c>.</param>
/// <param name="Message">What happened, for a person.</param>
internal sealed record PublicError(ErrorCode Code, string Message)
{
    /// <summary>Where in the document (GraphQL specification, section 7.1.2).</summary>
    public IReadOnlyList<Location> Locations { get; init; } = [];

    /// <summary>Which field of the response, as names and indexes; null when it is about the request as a whole.</summary>
    public IReadOnlyList<object>? Path { get; init; }

    /// <summary>The kind of resource, <c>extensions.resourceType</c>.</summary>
    public string? ResourceType { get; init; }

    /// <summary>Which one, <c>extensions.resourceId</c>.</summary>
    public string? ResourceId { get; init; }

    /// <summary>The invalid fields, <c>extensions.fieldErrors</c>.</summary>
    public IReadOnlyList<FieldError> FieldErrors { get; init; } = [];

    /// <summary>When to try again, <c>extensions.retryAfter</c> in seconds.</summary>
    public TimeSpan? RetryAfter
    {
        get => field ?? Code.UsualWait;
        init;
    }
}

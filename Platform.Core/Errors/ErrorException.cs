using Platform.Redaction;

namespace Platform.Errors;

/// <summary>A refusal that the caller is told about: hosts turn it into problem details or a GraphQL error.</summary>
/// <remarks><see cref="Exception.Message"/> leaves the service, so it holds no SQL or type name; personal data in it and in its fields is redacted.</remarks>
public sealed class ErrorException : Exception
{
    /// <summary>Refuses with <paramref name="code"/>.</summary>
    /// <param name="code">The entry of the catalogue.</param>
    /// <param name="detail">What happened this time, for a person; the code's title by default.</param>
    /// <param name="innerException">What caused it; stays in the service.</param>
    public ErrorException(ErrorCode code, string? detail = null, Exception? innerException = null)
        : base(Redactor.Default.Redact(detail ?? Checked(code).Title), innerException) => Code = code;

    /// <summary>The entry of the catalogue.</summary>
    public ErrorCode Code { get; }

    /// <summary>The invalid fields, all at once; empty when the error is of another kind.</summary>
    public IReadOnlyList<FieldError> Fields { get; private init; } = [];

    /// <summary>The kind of resource that the error is about, as on the wire (<c>order</c>), if there is one.</summary>
    public string? ResourceType { get; private init; }

    /// <summary>The id of that resource.</summary>
    public string? ResourceId { get; private init; }

    /// <summary>How long to wait before the next try; <see cref="ErrorCode.UsualWait"/> by default.</summary>
    public TimeSpan? RetryAfter
    {
        get => field ?? Code.UsualWait;
        init;
    }

    /// <summary>Refuses because of fields.</summary>
    /// <param name="fields">At least one.</param>
    public static ErrorException Validation(params IReadOnlyList<FieldError> fields) => Validation(null, fields);

    /// <summary>Refuses because of fields.</summary>
    /// <param name="innerException">What caused it; stays in the service.</param>
    /// <param name="fields">At least one.</param>
    public static ErrorException Validation(Exception? innerException, IReadOnlyList<FieldError> fields) =>
        Refused(ErrorCode.ValidationError, fields, "fields are invalid", innerException);

    /// <summary>Refuses because parameters that are required are absent, and nothing else is wrong.</summary>
    /// <param name="innerException">What caused it; stays in the service.</param>
    /// <param name="fields">At least one.</param>
    public static ErrorException Missing(Exception? innerException, IReadOnlyList<FieldError> fields) =>
        Refused(ErrorCode.MissingRequiredField, fields, "required values are missing", innerException);

    /// <summary>Refuses because a resource does not exist.</summary>
    public static ErrorException NotFound(string resourceType, object resourceId) =>
        new(ErrorCode.ResourceNotFound, $"No {resourceType} with this id.") { ResourceType = resourceType, ResourceId = Safe(resourceId) };

    /// <summary>Refuses because there is one already with the same value in a field that has to be unique.</summary>
    public static ErrorException AlreadyExists(string resourceType, string pointer) =>
        new(ErrorCode.ResourceAlreadyExists, $"There is another {resourceType} with this value.")
        {
            ResourceType = resourceType,
            Fields = [new FieldError(pointer, "duplicate", "The value is taken.")],
        };

    /// <summary>Refuses because the resource's state does not allow it.</summary>
    public static ErrorException NotAllowed(string resourceType, object resourceId, string detail) =>
        new(ErrorCode.OperationNotAllowed, detail) { ResourceType = resourceType, ResourceId = Safe(resourceId) };

    private static ErrorException Refused(ErrorCode code, IReadOnlyList<FieldError> fields, string many, Exception? innerException)
    {
        ArgumentNullException.ThrowIfNull(fields);
        ArgumentOutOfRangeException.ThrowIfZero(fields.Count);
        return new(code, fields.Count == 1 ? fields[0].Message : $"{fields.Count} {many}.", innerException) { Fields = [.. fields.Select(Safe)] };
    }

    // A pointer may name what the caller sent as a name.
    private static FieldError Safe(FieldError field) =>
        field with { Pointer = Redactor.Default.Redact(field.Pointer), Message = Redactor.Default.Redact(field.Message) };

    private static string? Safe(object? resourceId) => resourceId?.ToString() is { } id ? Redactor.Default.Redact(id) : null;

    private static ErrorCode Checked(ErrorCode code)
    {
        ArgumentNullException.ThrowIfNull(code);
        return code;
    }
}

namespace Platform.Errors;

/// <summary>
/// The one catalogue of errors, shared by REST and GraphQL. It is closed: there is no public constructor, so a code that
/// is not listed here does not compile.
/// </summary>
/// <remarks>REST answers <see cref="Status"/> with RFC 9457 problem details, GraphQL puts <see cref="Code"/> in <c>extensions.code</c>.</remarks>
public sealed class ErrorCode
{
    private static readonly Dictionary<string, ErrorCode> Catalogue = new(StringComparer.Ordinal);

    private ErrorCode(string code, int status, string title)
    {
        Code = code;
        Status = status;
        Title = title;
        Catalogue.Add(code, this);
    }

    /// <summary>401: no valid credentials came with the request.</summary>
    public static ErrorCode Unauthenticated { get; } = new("UNAUTHENTICATED", 401, "Authentication is required");

    /// <summary>401: the credentials are not valid for what was asked.</summary>
    public static ErrorCode Unauthorized { get; } = new("UNAUTHORIZED", 401, "The credentials were not accepted");

    /// <summary>403: the caller is known and lacks the permission.</summary>
    public static ErrorCode Forbidden { get; } = new("FORBIDDEN", 403, "The caller may not do this");

    /// <summary>400: at least one field is wrong; each is named in <c>errors</c>.</summary>
    public static ErrorCode ValidationError { get; } = new("VALIDATION_ERROR", 400, "The request has invalid fields");

    /// <summary>400: the request as a whole cannot be read.</summary>
    public static ErrorCode InvalidInput { get; } = new("INVALID_INPUT", 400, "The request could not be read");

    /// <summary>400: a field that is required is absent.</summary>
    public static ErrorCode MissingRequiredField { get; } = new("MISSING_REQUIRED_FIELD", 400, "A required field is missing");

    /// <summary>422: the request is well formed, and the business refuses it.</summary>
    public static ErrorCode BusinessRuleViolation { get; } = new("BUSINESS_RULE_VIOLATION", 422, "A business rule refuses this");

    /// <summary>404: what was asked for does not exist, or the caller may not know that it does.</summary>
    public static ErrorCode ResourceNotFound { get; } = new("RESOURCE_NOT_FOUND", 404, "The resource was not found");

    /// <summary>409: there is one already.</summary>
    public static ErrorCode ResourceAlreadyExists { get; } = new("RESOURCE_ALREADY_EXISTS", 409, "The resource already exists");

    /// <summary>409: the resource changed since it was read, or the operation does not fit its present state.</summary>
    public static ErrorCode OperationNotAllowed { get; } = new("OPERATION_NOT_ALLOWED", 409, "The operation is not allowed in this state");

    /// <summary>405: the resource is there, and does not know the method.</summary>
    public static ErrorCode MethodNotAllowed { get; } = new("METHOD_NOT_ALLOWED", 405, "The method is not allowed here");

    /// <summary>406: no representation that the client accepts.</summary>
    public static ErrorCode NotAcceptable { get; } = new("NOT_ACCEPTABLE", 406, "No acceptable representation");

    /// <summary>412: a precondition of the request failed (RFC 9110, section 13).</summary>
    public static ErrorCode PreconditionFailed { get; } = new("PRECONDITION_FAILED", 412, "A precondition failed");

    /// <summary>428: the request has to say what it rests on (RFC 6585, section 3).</summary>
    public static ErrorCode PreconditionRequired { get; } = new("PRECONDITION_REQUIRED", 428, "A precondition is required");

    /// <summary>413: the body is over the limit.</summary>
    public static ErrorCode PayloadTooLarge { get; } = new("PAYLOAD_TOO_LARGE", 413, "The body is too large");

    /// <summary>415: the body is of a media type that is not taken here.</summary>
    public static ErrorCode UnsupportedMediaType { get; } = new("UNSUPPORTED_MEDIA_TYPE", 415, "The media type is not supported");

    /// <summary>429: too many requests; see <c>Retry-After</c>.</summary>
    public static ErrorCode RateLimitExceeded { get; } = new("RATE_LIMIT_EXCEEDED", 429, "Too many requests");

    /// <summary>400: the query costs more than the caller's budget.</summary>
    public static ErrorCode ComplexityLimitExceeded { get; } = new("COMPLEXITY_LIMIT_EXCEEDED", 400, "The query is too expensive");

    /// <summary>400: the query nests deeper than allowed.</summary>
    public static ErrorCode QueryDepthExceeded { get; } = new("QUERY_DEPTH_EXCEEDED", 400, "The query is too deep");

    /// <summary>404: no document is kept under this identifier; send it along once.</summary>
    public static ErrorCode PersistedQueryNotFound { get; } = new("PERSISTED_QUERY_NOT_FOUND", 404, "The persisted query is not known");

    /// <summary>400: the identifier is not the one that the document has.</summary>
    public static ErrorCode PersistedQueryHashMismatch { get; } = new("PERSISTED_QUERY_HASH_MISMATCH", 400, "The identifier does not fit the query");

    /// <summary>400: this server keeps no documents.</summary>
    public static ErrorCode PersistedQueryNotSupported { get; } = new("PERSISTED_QUERY_NOT_SUPPORTED", 400, "Persisted queries are not supported");

    /// <summary>403: only documents of the operators' manifests run here.</summary>
    public static ErrorCode OperationNotTrusted { get; } = new("OPERATION_NOT_TRUSTED", 403, "The operation is not on the list of trusted ones");

    /// <summary>403: the token was used from another client than it was bound to.</summary>
    public static ErrorCode TokenBindingViolation { get; } = new("TOKEN_BINDING_VIOLATION", 403, "The token is bound to another client");

    /// <summary>500: unexpected; the trace id finds it in the logs.</summary>
    public static ErrorCode InternalError { get; } = new("INTERNAL_ERROR", 500, "An unexpected error occurred");

    /// <summary>503: the database is away or overloaded; safe to try again.</summary>
    public static ErrorCode DatabaseError { get; } = new("DATABASE_ERROR", 503, "The database is not available");

    /// <summary>502: a service that this one depends on failed.</summary>
    public static ErrorCode ExternalServiceError { get; } = new("EXTERNAL_SERVICE_ERROR", 502, "A dependency failed");

    /// <summary>503: the service is starting, draining or overloaded; safe to try again.</summary>
    public static ErrorCode ServiceUnavailable { get; } = new("SERVICE_UNAVAILABLE", 503, "The service is not available");

    /// <summary>504: the request took longer than allowed.</summary>
    public static ErrorCode Timeout { get; } = new("TIMEOUT", 504, "The request timed out");

    /// <summary>Every code, in the order of declaration.</summary>
    public static IReadOnlyCollection<ErrorCode> All => Catalogue.Values;

    /// <summary>The code on the wire, upper snake case; stable.</summary>
    public string Code { get; }

    /// <summary>The HTTP status that goes with it.</summary>
    public int Status { get; }

    /// <summary>A short summary that does not change from case to case (RFC 9457, section 3.1.3).</summary>
    public string Title { get; }

    /// <summary>Finds the code that fits a bare HTTP status, for errors that come from the framework.</summary>
    public static ErrorCode ForStatus(int status) => status switch
    {
        401 => Unauthenticated,
        403 => Forbidden,
        404 => ResourceNotFound,
        405 => MethodNotAllowed,
        406 => NotAcceptable,
        409 => OperationNotAllowed,
        412 => PreconditionFailed,
        413 => PayloadTooLarge,
        415 => UnsupportedMediaType,
        422 => BusinessRuleViolation,
        428 => PreconditionRequired,
        429 => RateLimitExceeded,
        502 => ExternalServiceError,
        503 => ServiceUnavailable,
        504 => Timeout,
        >= 400 and < 500 => InvalidInput,
        _ => InternalError,
    };

    /// <inheritdoc/>
    public override string ToString() => Code;
}

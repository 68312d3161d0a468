namespace Platform.Errors;

/// <summary>
/// The one catalogue of errors, shared by REST and GraphQL. It is closed: there is no public constructor, so a code that
/// is not listed here does not compile.
/// </summary>
/// <remarks>REST answers <see cref="Status"/> with RFC 9457 problem details, GraphQL puts <see cref="Code"/> in <c>extensions.code</c>.</remarks>
public sealed class ErrorCode
{
    private static readonly Dictionary<string, ErrorCode> Catalogue = new(StringComparer.Ordinal);

    private ErrorCode(string code, int status, string title, string summary, RetryAdvice retry, string advice)
    {
        Code = code;
        Status = status;
        Title = title;
        Summary = summary;
        Retry = retry;
        Advice = advice;
        Catalogue.Add(code, this);
    }

    /// <summary>401: no valid credentials came with the request.</summary>
    public static ErrorCode Unauthenticated { get; } = new(
        "UNAUTHENTICATED",
        401,
        "Authentication is required",
        "No valid credentials came with the request.",
        RetryAdvice.AfterChange,
        "Get a token (`POST /connect/token`) and send it as `Authorization: Bearer`.");

    /// <summary>401: the credentials are not valid for what was asked.</summary>
    public static ErrorCode Unauthorized { get; } = new(
        "UNAUTHORIZED",
        401,
        "The credentials were not accepted",
        "The credentials are not valid for what was asked.",
        RetryAdvice.AfterChange,
        "Get a new token; `detail` says what was wrong with this one. Once is enough: a second refusal is final.");

    /// <summary>403: the caller is known and lacks the permission.</summary>
    public static ErrorCode Forbidden { get; } = new(
        "FORBIDDEN",
        403,
        "The caller may not do this",
        "The caller is known and lacks the permission.",
        RetryAdvice.AfterChange,
        "Ask for a token with the scope that `WWW-Authenticate` names, if the client may have it.");

    /// <summary>400: at least one field is wrong; each is named in <c>errors</c>.</summary>
    public static ErrorCode ValidationError { get; } = new(
        "VALIDATION_ERROR",
        400,
        "The request has invalid fields",
        "At least one field is wrong; each is named in `errors`.",
        RetryAdvice.AfterChange,
        "Correct every field in `errors`; all of them are named at once.");

    /// <summary>400: the request as a whole cannot be read.</summary>
    public static ErrorCode InvalidInput { get; } = new(
        "INVALID_INPUT",
        400,
        "The request could not be read",
        "The request as a whole cannot be read.",
        RetryAdvice.AfterChange,
        "Correct the form of the request: its syntax, its parameters, its header fields.");

    /// <summary>400: a parameter that is required is absent, and nothing else is wrong.</summary>
    public static ErrorCode MissingRequiredField { get; } = new(
        "MISSING_REQUIRED_FIELD",
        400,
        "A required field is missing",
        "A parameter that is required is absent, and nothing else is wrong. A member of a body that is absent is among the `errors` of `VALIDATION_ERROR`.",
        RetryAdvice.AfterChange,
        "Send what `errors` names; all of it is named at once.");

    /// <summary>422: the request is well formed, and the business refuses it.</summary>
    public static ErrorCode BusinessRuleViolation { get; } = new(
        "BUSINESS_RULE_VIOLATION",
        422,
        "A business rule refuses this",
        "The request is well formed, and the business refuses it.",
        RetryAdvice.AfterChange,
        "Tell the user what `detail` says; the same request is refused again as long as the data are as they are.");

    /// <summary>404: what was asked for does not exist, or the caller may not know that it does.</summary>
    public static ErrorCode ResourceNotFound { get; } = new(
        "RESOURCE_NOT_FOUND",
        404,
        "The resource was not found",
        "What was asked for does not exist, or the caller may not know that it does.",
        RetryAdvice.AfterChange,
        "Check the id. What was deleted does not come back.");

    /// <summary>409: there is one already.</summary>
    public static ErrorCode ResourceAlreadyExists { get; } = new(
        "RESOURCE_ALREADY_EXISTS",
        409,
        "The resource already exists",
        "There is one already.",
        RetryAdvice.AfterChange,
        "Use the one that exists, or choose another value for the field in `errors`.");

    /// <summary>409: the resource changed since it was read, or the operation does not fit its present state.</summary>
    public static ErrorCode OperationNotAllowed { get; } = new(
        "OPERATION_NOT_ALLOWED",
        409,
        "The operation is not allowed in this state",
        "The resource changed since it was read, or the operation does not fit its present state.",
        RetryAdvice.AfterChange,
        "Read the resource again and decide anew.");

    /// <summary>409: another request with this <c>Idempotency-Key</c> is being answered; see <c>Retry-After</c>.</summary>
    public static ErrorCode RequestInFlight { get; } = new(
        "REQUEST_IN_FLIGHT",
        409,
        "The same request is being answered",
        "Another request with this `Idempotency-Key` is being answered; see `Retry-After`.",
        RetryAdvice.AfterWait,
        "Send the same request with the same `Idempotency-Key` again after `Retry-After`.");

    /// <summary>405: the resource is there, and does not know the method.</summary>
    public static ErrorCode MethodNotAllowed { get; } = new(
        "METHOD_NOT_ALLOWED",
        405,
        "The method is not allowed here",
        "The resource is there, and does not know the method.",
        RetryAdvice.AfterChange,
        "Use a method that `Allow` lists.");

    /// <summary>406: no representation that the client accepts.</summary>
    public static ErrorCode NotAcceptable { get; } = new(
        "NOT_ACCEPTABLE",
        406,
        "No acceptable representation",
        "No representation that the client accepts.",
        RetryAdvice.AfterChange,
        "Accept `application/json`.");

    /// <summary>408: the request arrived too slowly.</summary>
    public static ErrorCode RequestTimeout { get; } = new(
        "REQUEST_TIMEOUT",
        408,
        "The request arrived too slowly",
        "The request arrived too slowly, and the connection is closed.",
        RetryAdvice.Repeatable,
        "Send the same request again, all of it at once.");

    /// <summary>410: what was asked for was there and is not kept any more, such as the changes behind an old cursor.</summary>
    public static ErrorCode ResourceGone { get; } = new(
        "RESOURCE_GONE",
        410,
        "It is not kept any more",
        "What was asked for was there and is not kept any more, such as the changes behind an old cursor.",
        RetryAdvice.AfterChange,
        "Begin anew: the answer says where.");

    /// <summary>412: a precondition of the request failed (RFC 9110, section 13).</summary>
    public static ErrorCode PreconditionFailed { get; } = new(
        "PRECONDITION_FAILED",
        412,
        "A precondition failed",
        "A precondition of the request failed (RFC 9110, section 13).",
        RetryAdvice.AfterChange,
        "Read the resource again, apply the change to what it is now, and send it with the new `ETag` in `If-Match`.");

    /// <summary>413: the body is over the limit.</summary>
    public static ErrorCode PayloadTooLarge { get; } = new(
        "PAYLOAD_TOO_LARGE",
        413,
        "The body is too large",
        "The body is over the limit.",
        RetryAdvice.AfterChange,
        "Send less at once.");

    /// <summary>415: the body is of a media type that is not taken here.</summary>
    public static ErrorCode UnsupportedMediaType { get; } = new(
        "UNSUPPORTED_MEDIA_TYPE",
        415,
        "The media type is not supported",
        "The body is of a media type that is not taken here.",
        RetryAdvice.AfterChange,
        "Send JSON in UTF-8, with its `Content-Type`.");

    /// <summary>422: the <c>Idempotency-Key</c> was used with another payload.</summary>
    public static ErrorCode IdempotencyKeyReused { get; } = new(
        "IDEMPOTENCY_KEY_REUSED",
        422,
        "The idempotency key was used for another request",
        "The `Idempotency-Key` was used with another payload.",
        RetryAdvice.AfterChange,
        "Make a new key for each new request; use one again only to repeat the very same request.");

    /// <summary>428: the request has to name the version that it means to change (RFC 6585, section 3).</summary>
    public static ErrorCode PreconditionRequired { get; } = new(
        "PRECONDITION_REQUIRED",
        428,
        "The request has to be conditional",
        "The request has to name the version that it means to change (RFC 6585, section 3).",
        RetryAdvice.AfterChange,
        "Read the resource, and send its `ETag` in `If-Match`.");

    /// <summary>429: too many requests; see <c>Retry-After</c>.</summary>
    public static ErrorCode RateLimitExceeded { get; } = new(
        "RATE_LIMIT_EXCEEDED",
        429,
        "Too many requests",
        "Too many requests; see `Retry-After`.",
        RetryAdvice.AfterWait,
        "Wait as long as `Retry-After` says, and send less: `RateLimit` tells what is left.");

    /// <summary>400: the query costs more than the caller's budget.</summary>
    public static ErrorCode ComplexityLimitExceeded { get; } = new(
        "COMPLEXITY_LIMIT_EXCEEDED",
        400,
        "The query is too expensive",
        "The query costs more than the caller's budget.",
        RetryAdvice.AfterChange,
        "Ask for fewer fields or smaller pages.");

    /// <summary>400: the query nests deeper than allowed.</summary>
    public static ErrorCode QueryDepthExceeded { get; } = new(
        "QUERY_DEPTH_EXCEEDED",
        400,
        "The query is too deep",
        "The query nests deeper than allowed.",
        RetryAdvice.AfterChange,
        "Nest less, or ask in several queries.");

    /// <summary>404: no document is kept under this identifier; send it along once.</summary>
    public static ErrorCode PersistedQueryNotFound { get; } = new(
        "PERSISTED_QUERY_NOT_FOUND",
        404,
        "The persisted query is not known",
        "No document is kept under this identifier.",
        RetryAdvice.AfterChange,
        "Send the query together with its hash once; from then on the hash is enough.");

    /// <summary>400: the identifier is not the one that the document has.</summary>
    public static ErrorCode PersistedQueryHashMismatch { get; } = new(
        "PERSISTED_QUERY_HASH_MISMATCH",
        400,
        "The identifier does not fit the query",
        "The identifier is not the one that the document has.",
        RetryAdvice.AfterChange,
        "Compute the hash of exactly the text that is sent: SHA-256, in lower-case hexadecimal digits.");

    /// <summary>400: this server keeps no documents.</summary>
    public static ErrorCode PersistedQueryNotSupported { get; } = new(
        "PERSISTED_QUERY_NOT_SUPPORTED",
        400,
        "Persisted queries are not supported",
        "This server keeps no documents.",
        RetryAdvice.AfterChange,
        "Send queries in full.");

    /// <summary>403: only documents of the operators' manifests run here.</summary>
    public static ErrorCode OperationNotTrusted { get; } = new(
        "OPERATION_NOT_TRUSTED",
        403,
        "The operation is not on the list of trusted ones",
        "Only documents of the operators' manifests run here.",
        RetryAdvice.AfterChange,
        "Ask for an operation of the operators' manifests, or have yours added to them.");

    /// <summary>403: the token was used from another client than it was bound to.</summary>
    public static ErrorCode TokenBindingViolation { get; } = new(
        "TOKEN_BINDING_VIOLATION",
        403,
        "The token is bound to another client",
        "The token was used from another client than it was bound to.",
        RetryAdvice.AfterChange,
        "Get a token for this client. If that is not expected, the token may be in wrong hands.");

    /// <summary>500: unexpected; the trace id finds it in the logs.</summary>
    public static ErrorCode InternalError { get; } = new(
        "INTERNAL_ERROR",
        500,
        "An unexpected error occurred",
        "Unexpected; the trace id finds it in the logs.",
        RetryAdvice.Repeatable,
        "Try again a few times with growing pauses, then report it with its `traceId`.");

    /// <summary>503: the database is away or overloaded; safe to try again.</summary>
    public static ErrorCode DatabaseError { get; } = new(
        "DATABASE_ERROR",
        503,
        "The database is not available",
        "The database is away or overloaded; safe to try again.",
        RetryAdvice.AfterWait,
        "Send the same request again after `Retry-After`; nothing of it was saved.");

    /// <summary>502: a service that this one depends on failed.</summary>
    public static ErrorCode ExternalServiceError { get; } = new(
        "EXTERNAL_SERVICE_ERROR",
        502,
        "A dependency failed",
        "A service that this one depends on failed.",
        RetryAdvice.Repeatable,
        "Try again after `Retry-After`, with an `Idempotency-Key` if the request changes something.");

    /// <summary>503: the service is starting, draining or overloaded; safe to try again.</summary>
    public static ErrorCode ServiceUnavailable { get; } = new(
        "SERVICE_UNAVAILABLE",
        503,
        "The service is not available",
        "The service is starting, draining or overloaded; safe to try again.",
        RetryAdvice.AfterWait,
        "Send the same request again after `Retry-After`.");

    /// <summary>504: the request took longer than allowed.</summary>
    public static ErrorCode Timeout { get; } = new(
        "TIMEOUT",
        504,
        "The request timed out",
        "The request took longer than allowed.",
        RetryAdvice.Repeatable,
        "Read what became of it before doing it again, or repeat it with the same `Idempotency-Key`.");

    /// <summary>Every code, in the order of declaration.</summary>
    public static IReadOnlyCollection<ErrorCode> All => Catalogue.Values;

    /// <summary>The code on the wire, upper snake case; stable.</summary>
    public string Code { get; }

    /// <summary>The HTTP status that goes with it.</summary>
    public int Status { get; }

    /// <summary>A short summary that does not change from case to case (RFC 9457, section 3.1.3).</summary>
    public string Title { get; }

    /// <summary>When it happens, as Markdown.</summary>
    public string Summary { get; }

    /// <summary>Whether trying again makes sense.</summary>
    public RetryAdvice Retry { get; }

    /// <summary>How long to wait before the next try where nobody knows better; null where waiting does not help.</summary>
    public TimeSpan? UsualWait => Retry is RetryAdvice.AfterWait ? TimeSpan.FromSeconds(1) : null;

    /// <summary>What a client does about it, as Markdown.</summary>
    public string Advice { get; }

    /// <summary>Finds the code that fits a bare HTTP status, for errors that come from the framework.</summary>
    public static ErrorCode ForStatus(int status) => status switch
    {
        401 => Unauthenticated,
        403 => Forbidden,
        404 => ResourceNotFound,
        405 => MethodNotAllowed,
        406 => NotAcceptable,
        408 => RequestTimeout,
        409 => OperationNotAllowed,
        410 => ResourceGone,
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

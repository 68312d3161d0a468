using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Platform.Errors;
using Platform.Redaction;
using Platform.Resilience;
using Polly.CircuitBreaker;
using Polly.RateLimiting;
using Polly.Timeout;

namespace Platform.ServiceDefaults.Errors;

// ASP.NET Core's own refusals, and outgoing HTTP. Their messages name parameters and types, so none is passed on. JSON that is not the caller's, such as a stored
// value or the answer of another service, is no fault of the caller.
internal sealed class FrameworkErrors : IErrorTranslator
{
    private static readonly TimeSpan DependencyRetry = TimeSpan.FromSeconds(5);

    public ErrorException? Translate(Exception exception) => exception switch
    {
        BadHttpRequestException { InnerException: JsonException json } => FromJson(json),
        BadHttpRequestException bad => FromStatus(bad.StatusCode, bad),
        TimeoutRejectedException or TimeoutException or OperationCanceledException { InnerException: TimeoutException } => new ErrorException(ErrorCode.Timeout, null, exception),
        RateLimiterRejectedException limited => Dependency(limited, limited.RetryAfter),
        RetryLaterException later => Dependency(later, later.RetryAfter),
        BrokenCircuitException or HttpRequestException => Dependency(exception, null),
        _ => null,
    };

    private static ErrorException Dependency(Exception exception, TimeSpan? retryAfter) =>
        new(ErrorCode.ExternalServiceError, null, exception) { RetryAfter = retryAfter ?? DependencyRetry };

    /// <summary>Explains a status that the framework sets by itself, such as 415.</summary>
    public static ErrorException FromStatus(int status, Exception? cause = null) => new(
        ErrorCode.ForStatus(status),
        status switch
        {
            StatusCodes.Status400BadRequest => "The body or a parameter is missing or has the wrong form.",
            StatusCodes.Status404NotFound => "There is nothing at this address.",
            StatusCodes.Status405MethodNotAllowed => "The Allow header has the methods of this address.",
            StatusCodes.Status408RequestTimeout => "The request arrived too slowly.",
            StatusCodes.Status413PayloadTooLarge => "The body is over the limit of this service.",
            StatusCodes.Status415UnsupportedMediaType => "The body has to be application/json in UTF-8.",
            StatusCodes.Status504GatewayTimeout => "The request took longer than it may; what it had not saved is not saved.",
            _ => null,
        },
        cause);

    private static ErrorException FromJson(JsonException json)
    {
        if (BindingErrors.IsMalformed(json))
        {
            var place = json is { LineNumber: { } line, BytePositionInLine: { } position } ? $" (line {line + 1}, byte {position + 1})" : "";
            return new ErrorException(ErrorCode.InvalidInput, $"The body is not valid JSON{place}.", json);
        }

        // Names of members are the caller's, and an address is no longer one when it is cut at its dots.
        return ErrorException.Validation(JsonShape.Wrong(JsonPointer.FromPath(Redactor.Default.Redact(json.Path!))));
    }
}

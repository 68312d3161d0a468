using Platform.Errors;
using Platform.ServiceDefaults.Errors;

namespace Platform.GraphQL.Subscriptions;

internal static class RefusalExtensions
{
    /// <summary>Answers with problem details.</summary>
    public static void Refuse(this HttpContext http, ErrorCode code, string message, TimeSpan? retryAfter = null)
    {
        http.SetError(new ErrorException(code, message) { RetryAfter = retryAfter });
        http.Response.StatusCode = code.Status;
    }
}

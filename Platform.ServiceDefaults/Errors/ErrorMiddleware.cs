using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using Platform.Errors;
using static Platform.ServiceDefaults.Errors.HttpContextErrorExtensions;

namespace Platform.ServiceDefaults.Errors;

// Gives every answer of 400 and more that has no body its problem document, whether it comes from an exception or from the framework.
internal sealed class ErrorMiddleware(RequestDelegate next, ErrorTranslation translation, TimeProvider time, ILogger<ErrorMiddleware> logger)
{
    private const int StatusClientClosedRequest = 499;

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception exception) when (context.RequestAborted.IsCancellationRequested && !context.Response.HasStarted)
        {
            // Nobody is there to read an answer. The status is for the logs and metrics.
            Log.ClientGone(logger, exception);
            context.Response.StatusCode = StatusClientClosedRequest;
            return;
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            var error = (exception is BadHttpRequestException refusal ? await BindingErrors.ExplainAsync(context, refusal) : null) ?? translation.Translate(exception);
            var status = exception is BadHttpRequestException { InnerException: null } bad ? bad.StatusCode : error.Code.Status;
            Forget(context.Response);
            await WriteAsync(context, error, status);
            return;
        }

        var response = context.Response;
        if (response.StatusCode >= 400 && !response.HasStarted && response.ContentLength is null or 0 && string.IsNullOrEmpty(response.ContentType))
        {
            var error = context.Features.Get<PendingError>()?.Error ?? FrameworkErrors.FromStatus(response.StatusCode);
            await WriteAsync(context, error, response.StatusCode);
        }
    }

    // What described the body that is not sent after all.
    private static void Forget(HttpResponse response)
    {
        var headers = response.Headers;
        headers.ContentLength = null;
        headers.Remove(HeaderNames.ContentType);
        headers.Remove(HeaderNames.ContentEncoding);
        headers.Remove(HeaderNames.ContentLocation);
        headers.Remove(HeaderNames.Location);
        headers.Remove(HeaderNames.ETag);
        headers.Remove(HeaderNames.LastModified);
    }

    private async Task WriteAsync(HttpContext context, ErrorException error, int status)
    {
        Record(context, error, status);
        var response = context.Response;
        response.StatusCode = status;
        response.Headers.CacheControl = "no-store";
        if (error.RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        var problem = new ProblemDocument(
            ProblemDocument.TypeOf(error.Code),
            error.Code.Title,
            status,
            error.Message,
            error.Code.Code,
            Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier,
            time.GetUtcNow().UtcDateTime,
            error.Fields.Count == 0 ? null : error.Fields);
        await response.WriteAsJsonAsync(problem, ProblemJson.Default.ProblemDocument, ProblemDocument.MediaType, context.RequestAborted);
    }

    private void Record(HttpContext context, ErrorException error, int status)
    {
        var code = error.Code.Code;
        Activity.Current?.SetTag(Telemetry.CodeTag, code);
        if (status < 500)
        {
            Log.Refused(logger, status, code);
            return;
        }

        context.Features.Get<IHttpMetricsTagsFeature>()?.Tags.Add(new(Telemetry.ErrorTypeTag, code));
        Activity.Current?.SetTag(Telemetry.ErrorTypeTag, code);
        if (error.InnerException is { } cause)
        {
            Activity.Current?.AddException(cause);
        }

        if (error.Code == ErrorCode.InternalError)
        {
            Log.Unexpected(logger, error.InnerException ?? error);
        }
        else
        {
            // Without the stack: in an outage there is one line a request, and the trace has the exception.
            Log.Failed(logger, status, code, (error.InnerException ?? error).GetBaseException().GetType().Name);
        }
    }
}

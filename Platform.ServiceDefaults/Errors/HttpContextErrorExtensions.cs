using Microsoft.AspNetCore.Http;
using Platform.Errors;

namespace Platform.ServiceDefaults.Errors;

/// <summary>Explains a refusal that is made by status alone.</summary>
public static class HttpContextErrorExtensions
{
    /// <summary>
    /// Says what the error is, for code that sets a status of 400 or more and writes no body, as authentication handlers do. The
    /// status that is set in the end counts, not the error's own.
    /// </summary>
    public static void SetError(this HttpContext context, ErrorException error)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Features.Set(new PendingError(error));
    }

    internal sealed record PendingError(ErrorException Error);
}

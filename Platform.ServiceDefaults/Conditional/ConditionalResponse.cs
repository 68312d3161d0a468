using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Platform.Conditional;

namespace Platform.ServiceDefaults.Conditional;

// The header fields that 200 and 304 have in common (RFC 9110, section 15.4.5). Date is the server's own.
internal static class ConditionalResponse
{
    // Kept by the client alone, and asked about each time: who may read it can change, too.
    private const string CacheControl = "private, no-cache";

    private const string Vary = "Authorization, Accept-Encoding";

    // A transaction that wrote the time down may be committed later, but not later than requests may take: a younger date could be given to
    // somebody who has not seen the change (section 8.8.2.2).
    private static readonly TimeSpan SettledAfter = TimeSpan.FromSeconds(60);

    public static void SetCaching(HttpResponse response)
    {
        var headers = response.Headers;
        headers.CacheControl = CacheControl;

        // What else the answer depends on was said before.
        headers.Vary = headers.Vary.Count == 0 ? Vary : $"{headers.Vary}, {Vary}";
    }

    public static void SetValidators(HttpContext context, Validators version)
    {
        var headers = context.Response.Headers;
        if (version.ETag is { } tag)
        {
            headers.ETag = tag;
            if (context.Request.Headers.AcceptEncoding.Count > 0)
            {
                context.Response.OnStarting(static state => NameCoding((HttpResponse)state), context.Response);
            }
        }

        if (version.LastModified is { } modified
            && context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow() - modified >= SettledAfter)
        {
            headers.LastModified = HttpDate.ToText(HttpDate.RoundUp(modified));
        }
    }

    public static void NotModified(HttpContext context, in Preconditions conditions, Range? matched, string? tag)
    {
        var response = context.Response;
        response.StatusCode = StatusCodes.Status304NotModified;
        SetCaching(response);

        // The very tag that the client has: its copy may be a compressed one.
        response.Headers.ETag = matched is { } range && conditions.IfNoneMatch is { } list && (range.Start.Value != 0 || range.End.Value != list.Length)
            ? Strong(list[range])
            : conditions.IfNoneMatch is { } one && matched is not null ? Strong(one) : tag;
    }

    private static string Strong(string tag) => tag.StartsWith("W/", StringComparison.Ordinal) ? tag[2..] : tag;

    private static Task NameCoding(HttpResponse response)
    {
        if (response.Headers.ContentEncoding is [{ Length: > 0 } coding] && response.Headers.ETag is [{ } tag])
        {
            response.Headers.ETag = CodedTag.For(tag, coding);
        }

        return Task.CompletedTask;
    }
}

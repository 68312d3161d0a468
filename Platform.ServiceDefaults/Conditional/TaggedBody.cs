using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Platform.Conditional;

namespace Platform.ServiceDefaults.Conditional;

/// <summary>Says that what an endpoint shows has no version, and is told apart by its bytes.</summary>
public sealed class TaggedBodyMetadata
{
    internal static readonly TaggedBodyMetadata Instance = new();

    private TaggedBodyMetadata()
    {
    }
}

/// <summary>Gives answers without a version an entity tag.</summary>
public static class TaggedBodyExtensions
{
    /// <summary>
    /// Gives the answers of a GET endpoint an entity tag made of their bytes, and answers conditional requests with 304 or 412 (RFC 9110, section 13). The endpoint
    /// runs in any case, so this is for what is small and has no version (<see cref="VersionedEndpointExtensions.WithVersion"/>).
    /// </summary>
    /// <param name="endpoint">Gives an <see cref="IResult"/>.</param>
    public static RouteHandlerBuilder WithBodyTag(this RouteHandlerBuilder endpoint) => endpoint
        .WithMetadata(TaggedBodyMetadata.Instance)
        .AddEndpointFilter(async (context, next) => await next(context) is IResult result ? new TaggedResult(result) : throw new InvalidOperationException("An endpoint with a body tag gives an IResult."));

    /// <summary>Answers for a representation with a tag of its own: shows the tag, and says whether the client's copy is still good. If so the answer is complete.</summary>
    /// <param name="context">A GET request.</param>
    /// <param name="tag">The strong entity tag of what would be sent.</param>
    /// <returns>True when the answer is 304, and no body is to be sent.</returns>
    /// <exception cref="Platform.Errors.ErrorException">A precondition failed: 412.</exception>
    public static bool HasCopy(this HttpContext context, string tag)
    {
        ArgumentNullException.ThrowIfNull(context);
        var conditions = context.Request.Preconditions();
        switch (conditions.Evaluate(isRead: true, new Validators(tag, LastModified: null), out var matched))
        {
            case PreconditionResult.Failed:
                Telemetry.Requests.Add(1, Telemetry.Failed);
                throw WriteCondition.Failed();
            case PreconditionResult.NotModified:
                Telemetry.Requests.Add(1, Telemetry.FromBody);
                ConditionalResponse.NotModified(context, conditions, matched, tag);
                return true;
        }

        Telemetry.Requests.Add(1, conditions.IsEmpty ? Telemetry.Unconditional : Telemetry.Modified);
        ConditionalResponse.SetCaching(context.Response);
        ConditionalResponse.SetValidators(context, new Validators(tag, LastModified: null));
        return false;
    }

    // Holds the body back until its tag is known.
    private sealed class TaggedResult(IResult inner) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var bytes = await Http.HeldBody.OfAsync(httpContext, () => inner.ExecuteAsync(httpContext));
            var response = httpContext.Response;
            if (response.StatusCode == StatusCodes.Status200OK)
            {
                // They belong to the body, which a 304 or 412 has none of.
                var (type, link) = (response.ContentType, response.Headers.Link);
                response.ContentType = null;
                response.ContentLength = null;
                response.Headers.Remove(HeaderNames.Link);
                if (httpContext.HasCopy(BodyTag.Of(bytes.Span)))
                {
                    return;
                }

                (response.ContentType, response.Headers.Link) = (type, link);
            }

            response.ContentLength = bytes.Length;
            await response.Body.WriteAsync(bytes, httpContext.RequestAborted);
        }
    }
}

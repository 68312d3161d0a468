using Platform.ServiceDefaults.Http;

namespace Platform.ServiceDefaults.Resilience;

/// <summary>Whether a request may be sent twice.</summary>
internal static class RetryRule
{
    /// <summary>
    /// Yes for the methods that RFC 9110, section 9.2.2 calls idempotent, and for any that comes with an <c>Idempotency-Key</c>; in both
    /// cases only if the body can be read again.
    /// </summary>
    public static bool MayRepeat(HttpRequestMessage? request) =>
        request is not null
        && (IsIdempotent(request.Method) || HasKey(request))
        && CanReadAgain(request.Content);

    private static bool CanReadAgain(HttpContent? content) => content switch
    {
        StreamContent => false,
        MultipartContent parts => parts.All(CanReadAgain),
        _ => true,
    };

    private static bool IsIdempotent(HttpMethod method) =>
        method == HttpMethod.Get
        || method == HttpMethod.Head
        || method == HttpMethod.Options
        || method == HttpMethod.Trace
        || method == HttpMethod.Put
        || method == HttpMethod.Delete;

    private static bool HasKey(HttpRequestMessage request) =>
        request.Headers.TryGetValues(HeaderNames.IdempotencyKey, out var values) && values.Any(value => !string.IsNullOrWhiteSpace(value));
}

using Platform.Api.Http;
using Platform.Errors;

namespace Platform.Api.Documentation;

/// <summary>Errors that an endpoint can answer with, besides those that every endpoint can; for the document.</summary>
internal sealed record RefusalMetadata(IReadOnlyList<ErrorCode> Codes);

/// <summary>The endpoint takes a JSON Merge Patch; for the document.</summary>
/// <param name="Type">Of what.</param>
internal sealed record PatchMetadata(Type Type);

internal static class RefusalMetadataExtensions
{
    /// <summary>Documents errors of the endpoint.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder endpoint, params IReadOnlyList<ErrorCode> codes) =>
        endpoint.WithMetadata(new RefusalMetadata(codes));

    /// <summary>Documents the errors that come with reading a body.</summary>
    public static RouteHandlerBuilder ReadsBody(this RouteHandlerBuilder endpoint) => endpoint.Refuses(
        ErrorCode.InvalidInput, ErrorCode.ValidationError, ErrorCode.RequestTimeout, ErrorCode.PayloadTooLarge, ErrorCode.UnsupportedMediaType);

    /// <summary>Documents a JSON Merge Patch (RFC 7396) of <typeparamref name="T"/>, and the errors that come with reading it.</summary>
    public static RouteHandlerBuilder ReadsPatch<T>(this RouteHandlerBuilder endpoint)
        where T : notnull =>
        endpoint.Accepts<T>(MergePatch.MediaType, "application/json").WithMetadata(new PatchMetadata(typeof(T))).ReadsBody();
}

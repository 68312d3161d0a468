using Platform.Errors;
using Platform.FeatureFlags;

namespace Platform.Api.FeatureFlags;

/// <summary>Reads bodies as flags are read everywhere: strictly, with every error by JSON pointer.</summary>
internal static class FlagBody
{
    /// <summary>The largest body: above the largest flag, so that one that is too large is told so by field.</summary>
    public const int MaxBytes = 4 * 1_024 * 1_024;

    /// <summary>Reads a body.</summary>
    /// <exception cref="ErrorException">It is not JSON, or not of this shape.</exception>
    public static async Task<T> ReadAsync<T>(HttpRequest request, CancellationToken cancellationToken)
        where T : class
    {
        if (!request.HasJsonContentType())
        {
            throw new ErrorException(ErrorCode.UnsupportedMediaType, "The body has to be application/json in UTF-8.");
        }

        using var bytes = new MemoryStream();
        await request.Body.CopyToAsync(bytes, cancellationToken);
        var errors = new FieldErrors();
        var value = FlagJson.Read<T>(bytes.GetBuffer().AsSpan(0, (int)bytes.Length), errors);
        errors.ThrowIfAny();
        return value!;
    }
}

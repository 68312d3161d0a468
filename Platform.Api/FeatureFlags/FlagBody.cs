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
        where T : class => Read<T>((await BytesAsync(request, cancellationToken)).Span);

    /// <summary>The body as it is.</summary>
    /// <exception cref="ErrorException">It is not JSON.</exception>
    public static async Task<ReadOnlyMemory<byte>> BytesAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!request.HasJsonContentType())
        {
            throw new ErrorException(ErrorCode.UnsupportedMediaType, "The body has to be application/json in UTF-8.");
        }

        using var bytes = new MemoryStream();
        await request.Body.CopyToAsync(bytes, cancellationToken);
        return bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
    }

    /// <summary>Reads what a body holds.</summary>
    /// <exception cref="ErrorException">It is not of this shape.</exception>
    public static T Read<T>(ReadOnlySpan<byte> bytes)
        where T : class
    {
        var errors = new FieldErrors();
        var value = FlagJson.Read<T>(bytes, errors);
        errors.ThrowIfAny();
        return value!;
    }
}

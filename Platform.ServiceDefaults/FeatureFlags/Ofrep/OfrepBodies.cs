using System.Text.Json;

namespace Platform.ServiceDefaults.FeatureFlags.Ofrep;

/// <summary>Answers that need no evaluation.</summary>
internal static class OfrepBodies
{
    public static byte[] TooLarge(string? key, int limit)
    {
        var details = $"A request has at most {limit} bytes.";
        return key is null
            ? JsonSerializer.SerializeToUtf8Bytes(new { errorCode = OfrepErrorCode.InvalidContext, errorDetails = details })
            : JsonSerializer.SerializeToUtf8Bytes(new { key, errorCode = OfrepErrorCode.InvalidContext, errorDetails = details });
    }

    public static byte[] Failed() => JsonSerializer.SerializeToUtf8Bytes(new { errorDetails = "The flags could not be evaluated." });
}

using System.Globalization;
using System.Net;

namespace Platform.Client;

/// <summary>What the API answered, with the header fields that a client acts on.</summary>
public class Answer
{
    internal Answer(HttpResponseMessage response)
    {
        Status = response.StatusCode;
        ETag = response.Headers.ETag?.ToString();
        LastModified = response.Content.Headers.LastModified;
        Location = response.Headers.Location;
        Replayed = Field(response, "Idempotency-Replayed") == "true";
        TraceId = Field(response, "X-Trace-Id");
        CorrelationId = Field(response, "X-Correlation-Id");
        RateLimit = RateLimit.Parse(Field(response, "RateLimit"));
        SunsetAt = DateTimeOffset.TryParse(Field(response, "Sunset"), CultureInfo.InvariantCulture, out var sunset) ? sunset : null;
    }

    /// <summary>The status: 2xx or 304.</summary>
    public HttpStatusCode Status { get; }

    /// <summary>Whether the client's copy is still good: there is no value then.</summary>
    public bool IsNotModified => Status is HttpStatusCode.NotModified;

    /// <summary>The version of what is shown, for <c>ifNoneMatch</c> and <c>ifMatch</c>; null where there is none.</summary>
    public string? ETag { get; }

    /// <summary>When it was changed last, where that is known.</summary>
    public DateTimeOffset? LastModified { get; }

    /// <summary>Where the new resource is, after it was made.</summary>
    public Uri? Location { get; }

    /// <summary>Whether this is the answer that the first request with the same <c>Idempotency-Key</c> got.</summary>
    public bool Replayed { get; }

    /// <summary>Finds the request in traces and logs.</summary>
    public string? TraceId { get; }

    /// <summary>The caller's id for what it asked.</summary>
    public string? CorrelationId { get; }

    /// <summary>What is left of the limit; null where none holds.</summary>
    public RateLimit? RateLimit { get; }

    /// <summary>From when on the operation may be gone (RFC 8594); null for one that stays.</summary>
    public DateTimeOffset? SunsetAt { get; }

    private static string? Field(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;
}

/// <summary>What the API answered, with what it shows.</summary>
public sealed class Answer<T> : Answer
{
    internal Answer(HttpResponseMessage response, T? value)
        : base(response) => Value = value;

    /// <summary>What is shown; null when the client's copy is still good.</summary>
    public T? Value { get; }

    /// <summary>What is shown.</summary>
    /// <exception cref="InvalidOperationException">There is nothing: the client's copy is still good.</exception>
    public T Required => Value ?? throw new InvalidOperationException("There is no value: the client's copy is still good.");
}

/// <summary>What is left of a limit.</summary>
/// <param name="Name">The class of requests that it holds for.</param>
/// <param name="Remaining">How many more are taken at once.</param>
/// <param name="Reset">After how long all of it is there again.</param>
public sealed record RateLimit(string Name, long Remaining, TimeSpan Reset)
{
    // "read";r=29998;t=1 (draft-ietf-httpapi-ratelimit-headers-10)
    internal static RateLimit? Parse(string? field)
    {
        if (field?.Split(';') is not [var name, var remaining, var reset, ..])
        {
            return null;
        }

        return Number(remaining) is { } left && Number(reset) is { } seconds ? new(name.Trim('"'), left, TimeSpan.FromSeconds(seconds)) : null;
    }

    private static long? Number(string parameter) =>
        parameter.Split('=') is [_, var text] && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}

using System.Net;

namespace Platform.Client;

/// <summary>The API refused a request, or failed. <see cref="Code"/> says which of the documented errors it is.</summary>
public sealed class PlatformException : Exception
{
    internal PlatformException(HttpResponseMessage response, ProblemDetails? problem)
        : base(problem is null ? $"The API answered {(int)response.StatusCode}." : $"{problem.Code}: {problem.Detail}")
    {
        Status = response.StatusCode;
        Problem = problem;
        RetryAfter = response.Headers.RetryAfter?.Delta;
    }

    /// <summary>The status.</summary>
    public HttpStatusCode Status { get; }

    /// <summary>The code of the error catalogue; empty when something between here and the API answered.</summary>
    public string Code => Problem?.Code ?? "";

    /// <summary>The whole error; null when something between here and the API answered.</summary>
    public ProblemDetails? Problem { get; }

    /// <summary>The invalid fields; empty when the error is of another kind.</summary>
    public IReadOnlyList<ProblemField> Fields => Problem?.Errors ?? [];

    /// <summary>When to try again, if that makes sense.</summary>
    public TimeSpan? RetryAfter { get; }
}

/// <summary>An error of the API (RFC 9457).</summary>
/// <param name="Type">Its page, below the address of the API.</param>
/// <param name="Title">A summary that is the same each time.</param>
/// <param name="Status">The status.</param>
/// <param name="Detail">What happened this time, for a person.</param>
/// <param name="Code">The code of the error catalogue.</param>
/// <param name="TraceId">Finds the request in traces and logs.</param>
/// <param name="Timestamp">When it happened.</param>
/// <param name="Errors">The invalid fields.</param>
public sealed record ProblemDetails(
    string Type, string Title, int Status, string Detail, string Code, string TraceId, DateTimeOffset Timestamp, IReadOnlyList<ProblemField>? Errors = null);

/// <summary>An invalid field.</summary>
/// <param name="Pointer">Where it is, as a JSON pointer (RFC 6901) into the body.</param>
/// <param name="Code">What is wrong with it.</param>
/// <param name="Message">The same for a person.</param>
public sealed record ProblemField(string Pointer, string Code, string Message);
